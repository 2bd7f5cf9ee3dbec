// @ts-check
/** `node check-release.mjs v1.2.3`: whether this version is what package.json and the changelog speak of. */
import { readFileSync } from 'node:fs';

const [tag = ''] = process.argv.slice(2);
const read = (/** @type {string} */ name) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const { version } = /** @type {{ version: string }} */ (JSON.parse(read('package.json')));

const wrong = [
  ...(tag === `v${version}` ? [] : [`The tag is '${tag}', and package.json has the version ${version}.`]),
  ...(read('CHANGELOG.md').split('\n').includes(`## ${version}`)
    ? []
    : [`CHANGELOG.md has no heading '## ${version}'.`]),
];
for (const each of wrong) console.error(each);
process.exitCode = wrong.length === 0 ? 0 : 1;
