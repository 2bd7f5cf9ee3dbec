import { describeClosers, describeHandle, describeInside } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noMismatchedClose: HandleRule<'mismatchedClose'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow closing a handle with the function of another kind',
      recommended: true,
      url: docsUrl('no-mismatched-close'),
      cwe: [404, 772],
    },
    schema: [],
    messages: {
      mismatchedClose:
        '{{handle}} is a {{label}} and cannot be closed by this function{{inside}}. Close it with {{closers}}.',
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'mismatchedClose', (finding, sourceCode) => ({
      messageId: 'mismatchedClose',
      data: {
        handle: describeHandle(finding),
        label: finding.handle.label,
        inside: describeInside(finding, sourceCode),
        closers: describeClosers(finding),
      },
    })),
};
