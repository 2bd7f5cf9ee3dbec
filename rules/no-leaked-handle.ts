import { describeLost, describePath, isOverwritten } from './shared/message.ts';
import { repairMessages, repairsOf } from './shared/repairs.ts';
import type { RepairId } from './shared/repairs.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noLeakedHandle: HandleRule<'leakedHandle' | 'overwrittenHandle' | RepairId> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow handles that some path neither closes nor hands over',
      recommended: true,
      url: docsUrl('no-leaked-handle'),
      cwe: [404, 772, 775],
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      leakedHandle: '{{handle}} is never closed{{path}}. Close it on every path, or hand it over.',
      overwrittenHandle:
        '{{handle}} is still open when another handle takes its place here{{path}}. Close it before.',
      ...repairMessages,
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'leakedHandle', (finding, sourceCode) => ({
      messageId: isOverwritten(finding) ? 'overwrittenHandle' : 'leakedHandle',
      data: { handle: describeLost(finding, sourceCode), path: describePath(finding, sourceCode) },
      suggest: repairsOf(finding, sourceCode),
    })),
};
