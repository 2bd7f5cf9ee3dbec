/**
 * Disposables of Visual Studio Code's extension API: listeners, registrations, watchers, emitters. (Classes with
 * `Symbol.dispose` need no description.) Evidence for each line stands in docs/apis/disposables.md.
 */
import type { ApiDescription, Effect, OperationDescription } from './schema.ts';

type Operations = Readonly<Record<string, OperationDescription>>;

const named = (prefix: string, names: string, operation: OperationDescription): Operations =>
  Object.fromEntries(names.split(/\s+/).map((name) => [`${prefix}${name}`, operation]));

const makes = (kind: string, ...more: Effect[]): OperationDescription => ({
  effects: [...more, { do: 'acquire', to: 'result', kind, failure: 'throws' }],
});

/** What runs later holds what it closes over. */
const keeps = (...args: number[]): Effect[] => args.map((arg) => ({ do: 'keep', on: `arg${arg}` }));

/** Registers a provider, a command, a serializer: whatever it is given is used until it is disposed of. */
const registers = makes('Registration', ...keeps(0, 1, 2, 3));

/** `onDidX(listener, thisArg, disposables)`: with a list as the third argument the list owns the listener. */
const listens: OperationDescription = {
  effects: [
    ...keeps(0, 1),
    {
      do: 'acquire',
      to: 'result',
      kind: 'Registration',
      failure: 'throws',
      when: { arg: 2, equals: undefined },
    },
  ],
};

const closesThis: OperationDescription = { effects: [{ do: 'close', on: 'this' }] };
const usesThis: OperationDescription = { effects: [{ do: 'use', on: 'this' }] };
/** The extension API has no `Symbol.dispose`. A program that adds it may write `using`; no advice does. */
const disposable: Operations = {
  dispose: closesThis,
  '@@dispose': { effects: [{ do: 'close', on: 'this', by: 'dispose' }] },
};

const closers = ['dispose'];

export const disposables: ApiDescription = {
  modules: ['vscode'],
  kinds: {
    // The interfaces of the language, which the extension API does not implement.
    Disposable: { label: 'disposable', closers: ['@@dispose'], closeTwice: 'harmless', mayBeDropped: true },
    AsyncDisposable: { label: 'disposable', closers: ['@@asyncDispose'], closeTwice: 'harmless' },
    // The class of the same name: behind the interface, so that the name stands for it where it is imported.
    // Many a listener is there to stay as long as the extension.
    Registration: {
      label: 'disposable',
      closers,
      closeTwice: 'harmless',
      mayBeDropped: true,
      type: 'vscode.Disposable',
    },
    // By their bare names other libraries have such types: these count where they are imported.
    EventEmitter: { label: 'event emitter', closers, closeTwice: 'harmless', type: 'vscode.EventEmitter' },
    FileSystemWatcher: { label: 'watcher', closers, closeTwice: 'harmless' },
    CancellationTokenSource: {
      label: 'token source',
      closers,
      closeTwice: 'harmless',
      type: 'vscode.CancellationTokenSource',
    },
    StatusBarItem: { label: 'status bar item', closers, closeTwice: 'harmless' },
    TextEditorDecorationType: { label: 'decoration type', closers, closeTwice: 'harmless' },
    DiagnosticCollection: { label: 'diagnostics', closers, closeTwice: 'harmless' },
  },
  functions: {
    ...named(
      'workspace.',
      `onDidChangeConfiguration onDidChangeNotebookDocument onDidChangeTextDocument onDidChangeWorkspaceFolders
      onDidCloseNotebookDocument onDidCloseTextDocument onDidCreateFiles onDidDeleteFiles
      onDidGrantWorkspaceTrust onDidOpenNotebookDocument onDidOpenTextDocument onDidRenameFiles
      onDidSaveNotebookDocument onDidSaveTextDocument onWillCreateFiles onWillDeleteFiles onWillRenameFiles
      onWillSaveNotebookDocument onWillSaveTextDocument`,
      listens,
    ),
    ...named(
      'window.',
      `onDidChangeActiveColorTheme onDidChangeActiveNotebookEditor onDidChangeActiveTerminal
      onDidChangeActiveTextEditor onDidChangeTerminalState onDidChangeTextEditorOptions
      onDidChangeTextEditorSelection onDidChangeTextEditorViewColumn onDidChangeTextEditorVisibleRanges
      onDidChangeVisibleTextEditors onDidChangeWindowState onDidCloseTerminal onDidOpenTerminal`,
      listens,
    ),
    ...named(
      '',
      'languages.onDidChangeDiagnostics extensions.onDidChange debug.onDidStartDebugSession',
      listens,
    ),
    ...named(
      'debug.',
      `onDidTerminateDebugSession onDidChangeActiveDebugSession onDidChangeBreakpoints
      onDidReceiveDebugSessionCustomEvent`,
      listens,
    ),
    ...named('tasks.', 'onDidStartTask onDidEndTask onDidStartTaskProcess onDidEndTaskProcess', listens),
    ...named('commands.', 'registerCommand registerTextEditorCommand', registers),
    ...named(
      'window.',
      `registerTreeDataProvider registerWebviewViewProvider registerWebviewPanelSerializer registerUriHandler
      registerCustomEditorProvider registerFileDecorationProvider registerTerminalLinkProvider
      registerTerminalProfileProvider`,
      registers,
    ),
    ...named(
      'workspace.',
      'registerTextDocumentContentProvider registerFileSystemProvider registerNotebookSerializer registerTaskProvider',
      registers,
    ),
    ...named(
      'languages.',
      `registerCodeActionsProvider registerCodeLensProvider registerColorProvider registerCompletionItemProvider
      registerDeclarationProvider registerDefinitionProvider registerDocumentFormattingEditProvider
      registerDocumentHighlightProvider registerDocumentLinkProvider registerDocumentRangeFormattingEditProvider
      registerDocumentSemanticTokensProvider registerDocumentSymbolProvider registerFoldingRangeProvider
      registerHoverProvider registerImplementationProvider registerInlayHintsProvider
      registerInlineCompletionItemProvider registerOnTypeFormattingEditProvider registerReferenceProvider
      registerRenameProvider registerSelectionRangeProvider registerSignatureHelpProvider
      registerTypeDefinitionProvider registerWorkspaceSymbolProvider setLanguageConfiguration`,
      registers,
    ),
    ...named('debug.', 'registerDebugAdapterDescriptorFactory registerDebugConfigurationProvider', registers),
    'tasks.registerTaskProvider': registers,
    'workspace.createFileSystemWatcher': makes('FileSystemWatcher'),
    'window.createStatusBarItem': makes('StatusBarItem'),
    'window.createTextEditorDecorationType': makes('TextEditorDecorationType'),
    'languages.createDiagnosticCollection': makes('DiagnosticCollection'),
    'window.setStatusBarMessage': makes('Registration', ...keeps(1)),
    // Owns the disposables that it is given.
    'Disposable.from': makes('Registration', ...keeps(0, 1, 2, 3, 4, 5)),
  },
  constructors: {
    Disposable: makes('Registration', ...keeps(0)),
    EventEmitter: makes('EventEmitter'),
    CancellationTokenSource: makes('CancellationTokenSource'),
  },
  types: {
    Disposable: { methods: { '@@dispose': closesThis } },
    AsyncDisposable: { methods: { '@@asyncDispose': { ...closesThis, isAsync: true } } },
    'vscode.Disposable': { methods: disposable },
    'vscode.EventEmitter': { methods: { ...disposable, fire: usesThis, event: listens } },
    FileSystemWatcher: {
      methods: { ...disposable, ...named('', 'onDidChange onDidCreate onDidDelete', listens) },
    },
    'vscode.CancellationTokenSource': { methods: { ...disposable, cancel: usesThis } },
    StatusBarItem: { methods: { ...disposable, show: usesThis, hide: usesThis } },
    TextEditorDecorationType: { methods: disposable },
    DiagnosticCollection: {
      methods: { ...disposable, ...named('', 'set delete clear forEach get has', usesThis) },
    },
  },
};
