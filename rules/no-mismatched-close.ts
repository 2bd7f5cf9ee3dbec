import type { Finding } from '../analysis/finding.ts';
import { callInstead } from './shared/fixes.ts';
import { describeClosers, describeHandle, describeInside, isInside } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noMismatchedClose: HandleRule<'mismatchedClose' | 'useCloser'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow closing a handle with the function of another kind',
      recommended: true,
      url: docsUrl('no-mismatched-close'),
      cwe: [404, 772],
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      mismatchedClose:
        '{{handle}} is a {{label}} and cannot be closed by this function{{inside}}. Close it with {{closers}}.',
      useCloser: "Close it with '{{closer}}'.",
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'mismatchedClose', (finding, sourceCode) => {
      const closer = onlyCloser(finding);
      const fix = closer === null ? null : callInstead({ node: finding.node, name: closer }, sourceCode);
      return {
        messageId: 'mismatchedClose',
        data: {
          handle: describeHandle(finding),
          label: finding.handle.label,
          inside: describeInside(finding, sourceCode),
          closers: describeClosers(finding),
        },
        suggest: fix === null ? [] : [{ messageId: 'useCloser', data: { closer }, fix }],
      };
    }),
};

/** The function that closes it, where that is one and every handle that comes to this close wants it. */
function onlyCloser(finding: Finding): string | null {
  const [closer, ...others] = finding.handle.closers;
  if (closer === undefined || others.length > 0 || !finding.isAlways || isInside(finding)) return null;
  return /^\w+$/.test(closer) ? closer : null;
}
