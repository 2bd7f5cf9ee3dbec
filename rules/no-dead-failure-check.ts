import { describeHandle } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noDeadFailureCheck: HandleRule<'deadFailureTest'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow tests for a failure that can never match',
      recommended: true,
      url: docsUrl('no-dead-failure-check'),
      cwe: [253, 570, 571],
    },
    schema: [],
    messages: {
      deadFailureTest:
        'This test does not tell whether {{handle}} exists: where the acquisition failed, its value is {{failure}}. Test for that.',
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'deadFailureTest', (finding) => ({
      messageId: 'deadFailureTest',
      data: { handle: describeHandle(finding, 'inside'), failure: finding.handle.failure ?? 'another' },
    })),
};
