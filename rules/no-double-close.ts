import { removeCall } from './shared/fixes.ts';
import { describeClosed, describeHandle, describeInside, describePath, isInside } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noDoubleClose: HandleRule<'doubleClose' | 'removeClose'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow closing a handle that is closed already',
      recommended: true,
      url: docsUrl('no-double-close'),
      cwe: [415],
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      doubleClose:
        '{{handle}} was closed{{closed}} and is closed a second time{{inside}}{{path}}. Close it once.',
      removeClose: 'Leave out this close.',
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'doubleClose', (finding, sourceCode) => {
      const fix = finding.isAlways && !isInside(finding) ? removeCall(finding.node, sourceCode) : null;
      return {
        messageId: 'doubleClose',
        data: {
          handle: describeHandle(finding),
          closed: describeClosed(finding),
          inside: describeInside(finding, sourceCode),
          path: describePath(finding, sourceCode),
        },
        suggest: fix === null ? [] : [{ messageId: 'removeClose', fix }],
      };
    }),
};
