import { describeLost, describePath } from './shared/message.ts';
import { repairMessages, repairsOf } from './shared/repairs.ts';
import type { RepairId } from './shared/repairs.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noLeakedDuplicate: HandleRule<'leakedDuplicate' | RepairId> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow duplicates that some path neither closes nor hands over',
      recommended: true,
      url: docsUrl('no-leaked-duplicate'),
      cwe: [404, 772, 775],
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      leakedDuplicate:
        '{{handle}} is never closed{{path}}. A duplicate is a handle of its own: close it, or hand it over.',
      ...repairMessages,
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'leakedDuplicate', (finding, sourceCode) => ({
      messageId: 'leakedDuplicate',
      data: { handle: describeLost(finding, sourceCode), path: describePath(finding, sourceCode) },
      suggest: repairsOf(finding, sourceCode),
    })),
};
