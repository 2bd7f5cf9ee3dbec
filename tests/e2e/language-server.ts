/**
 * A client of ESLint's language server, the program behind the squiggles of most editors. It says what an
 * editor says, over the standard streams: each message is JSON after a header that gives its length.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { hosts } from './project.ts';

export interface Position {
  readonly line: number;
  readonly character: number;
}
export interface Range {
  readonly start: Position;
  readonly end: Position;
}
export interface Diagnostic {
  readonly range: Range;
  readonly message: string;
  readonly code: string;
  readonly codeDescription?: { readonly href: string };
  readonly severity: number;
  readonly source: string;
}
export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}
export interface CodeAction {
  readonly title: string;
  readonly kind?: string;
  readonly command?: { readonly command: string; readonly arguments?: readonly unknown[] };
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** What an editor is configured to, if nobody configures anything. */
const settings = (folder: string) => ({
  validate: 'on',
  packageManager: 'npm',
  useESLintClass: true,
  useFlatConfig: true,
  experimental: { useFlatConfig: false },
  codeActionOnSave: { enable: false, mode: 'all' },
  format: false,
  quiet: false,
  onIgnoredFiles: 'off',
  options: {},
  rulesCustomizations: [],
  run: 'onType',
  problems: { shortenToSingleLine: false },
  nodePath: null,
  workingDirectory: { mode: 'location' },
  workspaceFolder: { uri: pathToFileURL(folder).href, name: 'project' },
  codeAction: {
    disableRuleComment: { enable: true, location: 'separateLine' },
    showDocumentation: { enable: true },
  },
});

export class LanguageServer {
  readonly #server: ChildProcess;
  readonly #folder: string;
  readonly #answers = new Map<number, (message: Message) => void>();
  #count = 0;
  #unread = Buffer.alloc(0);
  /** The edits that the server asked for last. */
  #edits: readonly TextEdit[] = [];

  constructor(folder: string) {
    this.#folder = folder;
    const program = hosts('vscode-langservers-extracted/bin/vscode-eslint-language-server');
    this.#server = spawn(process.execPath, [program, '--stdio'], {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#server.stdout?.on('data', (data: Buffer) => {
      this.#read(data);
    });
  }

  async start(): Promise<void> {
    const uri = pathToFileURL(this.#folder).href;
    await this.#ask('initialize', {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: 'project' }],
      capabilities: {
        textDocument: {
          publishDiagnostics: {},
          diagnostic: {},
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } } },
        },
        workspace: { configuration: true, workspaceFolders: true, applyEdit: true },
      },
    });
    this.#tell('initialized', {});
  }

  open(uri: string, languageId: string, text: string): void {
    this.#tell('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  change(uri: string, version: number, edit: TextEdit): void {
    const contentChanges = [{ range: edit.range, text: edit.newText }];
    this.#tell('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const report = await this.#ask('textDocument/diagnostic', { textDocument: { uri } });
    return (report as { items: readonly Diagnostic[] }).items;
  }

  async codeActions(uri: string, diagnostic: Diagnostic): Promise<readonly CodeAction[]> {
    const actions = await this.#ask('textDocument/codeAction', {
      textDocument: { uri },
      range: diagnostic.range,
      context: { diagnostics: [diagnostic] },
    });
    return actions as readonly CodeAction[];
  }

  /** Runs the command of an action, and gives the edits that it makes. */
  async apply({ command }: CodeAction): Promise<readonly TextEdit[]> {
    this.#edits = [];
    await this.#ask('workspace/executeCommand', command);
    return this.#edits;
  }

  async stop(): Promise<void> {
    await this.#ask('shutdown', null);
    const exited = new Promise((resolve) => this.#server.once('exit', resolve));
    this.#tell('exit', null);
    await exited;
  }

  #ask(method: string, params: unknown): Promise<unknown> {
    const id = ++this.#count;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#answers.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result);
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
    this.#send({ id, method, params });
    return answer;
  }

  #tell(method: string, params: unknown): void {
    this.#send({ method, params });
  }

  #send(message: Message): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.#server.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  #read(data: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, data]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/.exec(this.#unread.toString('latin1'));
      if (header === null) return;
      const end = header[0].length + Number(header[1]);
      if (this.#unread.length < end) return;
      const message = JSON.parse(this.#unread.subarray(header[0].length, end).toString()) as Message;
      this.#unread = this.#unread.subarray(end);
      if (message.method === undefined) this.#answers.get(message.id ?? 0)?.(message);
      else if (message.id !== undefined) this.#send({ id: message.id, result: this.#answer(message) });
    }
  }

  /** What an editor answers when the server asks. */
  #answer({ method, params }: Message): unknown {
    switch (method) {
      case 'workspace/configuration':
        return (params as { items: readonly unknown[] }).items.map(() => settings(this.#folder));
      case 'workspace/applyEdit':
        this.#edits = editsOf(params as WorkspaceEdit);
        return { applied: true };
      case 'eslint/confirmESLintExecution':
        return 4;
      default:
        return null;
    }
  }
}

interface WorkspaceEdit {
  readonly edit: {
    readonly changes?: Readonly<Record<string, readonly TextEdit[]>>;
    readonly documentChanges?: readonly { readonly edits: readonly TextEdit[] }[];
  };
}

function editsOf({ edit: { changes = {}, documentChanges = [] } }: WorkspaceEdit): readonly TextEdit[] {
  return [...Object.values(changes).flat(), ...documentChanges.flatMap(({ edits }) => edits)];
}

/** A text with an edit made in it. */
export function edited(text: string, { range, newText }: TextEdit): string {
  const offset = ({ line, character }: Position) =>
    text.split('\n').slice(0, line).join('\n').length + (line === 0 ? 0 : 1) + character;
  return text.slice(0, offset(range.start)) + newText + text.slice(offset(range.end));
}
