// @ts-check
import * as prettier from 'prettier';

/**
 * The generator and the formatter pad tables differently: what is generated is formatted before it is compared.
 * @type {import('eslint-doc-generator').GenerateOptions}
 */
const config = {
  postprocess: async (content, path) =>
    prettier.format(content, { ...(await prettier.resolveConfig(path)), filepath: path }),
};

export default config;
