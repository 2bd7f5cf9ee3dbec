import { describeClosed, describeHandle, describeInside, describePath } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noUseAfterClose: HandleRule<'useAfterClose'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow using a handle that is closed already',
      recommended: true,
      url: docsUrl('no-use-after-close'),
      cwe: [416, 672],
    },
    schema: [],
    messages: {
      useAfterClose:
        '{{handle}} was closed{{closed}} and is used afterwards{{inside}}{{path}}. Use it before it is closed.',
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'useAfterClose', (finding, sourceCode) => ({
      messageId: 'useAfterClose',
      data: {
        handle: describeHandle(finding),
        closed: describeClosed(finding),
        inside: describeInside(finding, sourceCode),
        path: describePath(finding, sourceCode),
      },
    })),
};
