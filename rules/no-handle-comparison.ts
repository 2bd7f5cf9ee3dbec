import { describeHandle } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noHandleComparison: HandleRule<'handleComparison'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow comparing a handle with its duplicate',
      recommended: true,
      url: docsUrl('no-handle-comparison'),
      cwe: [570, 571],
    },
    schema: [],
    messages: {
      handleComparison:
        '{{handle}} is compared with another handle to the same object. Two handles are never equal, whatever is behind them.',
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'handleComparison', (finding) => ({
      messageId: 'handleComparison',
      data: { handle: describeHandle(finding) },
    })),
};
