import type { Finding } from '../analysis/finding.ts';
import { describeHandle } from './shared/message.ts';
import { docsUrl, reportFindings } from './shared/rule.ts';
import type { HandleRule } from './shared/rule.ts';

export const noPassedOriginal: HandleRule<'passedOriginal' | 'passDuplicate'> = {
  meta: {
    type: 'problem',
    docs: {
      description: 'disallow handing over the original where a duplicate was made for it',
      recommended: true,
      url: docsUrl('no-passed-original'),
      cwe: [415, 672, 772],
    },
    hasSuggestions: true,
    schema: [],
    messages: {
      passedOriginal:
        '{{original}} is handed over here although it was duplicated: {{duplicate}} is not used from here on. Pass the duplicate.',
      passDuplicate: "Pass the duplicate '{{replacement}}'.",
    },
    languages: ['js/js'],
  },
  create: (context) =>
    reportFindings(context, 'passedOriginal', (finding) => {
      const replacement = replacementText(finding, context.filename);
      return {
        messageId: 'passedOriginal',
        data: { original: describeOriginal(finding), duplicate: describeHandle(finding, 'inside') },
        suggest:
          replacement === null
            ? []
            : [
                {
                  messageId: 'passDuplicate',
                  data: { replacement },
                  fix: (fixer) => fixer.replaceText(finding.node, replacement),
                },
              ],
      };
    }),
};

function describeOriginal({ handle: { sourceName } }: Finding): string {
  return sourceName === null ? 'The original' : `'${sourceName}'`;
}

/** TypeScript knows an out-cell as `HANDLE | null`; that it was filled has to be asserted. */
function replacementText({ replacement }: Finding, filename: string): string | null {
  if (replacement === null) return null;
  return replacement.isNullable && /\.[cm]?tsx?$/.test(filename) ? `${replacement.text}!` : replacement.text;
}
