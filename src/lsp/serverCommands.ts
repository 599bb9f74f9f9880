import { LSPErrorCodes, ResponseError, type ExecuteCommandParams } from 'vscode-languageserver/node';
import * as v from 'valibot';
import { sha256Of } from '../core/sha256';
import { describeError, isUserError } from '../core/errors';
import type { EngineHost } from '../editors/engineHost';
import type { OfferTracker } from '../editors/offerTracker';
import type { CompletionSummary } from '../protocol/completionStatistics';
import type { EngineStatus } from '../protocol/engine';
import type { PanelPhase } from '../protocol/panel';
import { completionAcceptedCommand } from './inlineCompletion';
import type { ModelFolder } from './modelFolder';
import type { OpenDocuments } from './openDocuments';
import type { ServerTrainings } from './trainings';

/** Commands that a client may send by `workspace/executeCommand`. */
export const serverCommands = ['recur.train', 'recur.stop', 'recur.status', completionAcceptedCommand];

export interface CommandParts {
  readonly engines: EngineHost;
  readonly trainings: ServerTrainings;
  readonly models: ModelFolder;
  readonly offers: OfferTracker;
  readonly documents: OpenDocuments;
}

/** How the server stands: the answer to `recur.status`. */
export interface ServerStatus {
  readonly training: {
    readonly phase: PanelPhase;
    /** One line: what happens now, or how the last training ended. */
    readonly message: string;
    readonly step: number | null;
    /** Of the held-out files. */
    readonly perplexity: number | null;
    readonly secondsLeft: number | null;
  };
  readonly engine: EngineStatus;
  readonly modelDirectory: string | null;
  readonly completions: CompletionSummary;
  /** What the server has of each open document: to find out whether it has what the editor shows. */
  readonly documents: readonly {
    readonly uri: string;
    readonly version: number;
    /** In UTF-16 units. */
    readonly length: number;
    /** Of its UTF-8, in hexadecimal digits. */
    readonly sha256: string;
  }[];
}

const trainArguments = v.optional(v.strictObject({ resume: v.optional(v.boolean()) }));

/** Runs a command. @throws ResponseError with a sentence where it cannot be done */
export async function runCommand(
  parts: CommandParts,
  { command, arguments: given = [] }: ExecuteCommandParams,
): Promise<unknown> {
  switch (command) {
    case 'recur.train':
      return beginTraining(parts, given[0]);
    case 'recur.stop':
      return { stopped: parts.trainings.stop() };
    case 'recur.status':
      return statusOf(parts);
    case completionAcceptedCommand:
      if (typeof given[0] === 'number') parts.offers.acceptedByCommand(given[0]);
      return null;
    default:
      throw new ResponseError(LSPErrorCodes.RequestFailed, `Recur has no command ${command}.`);
  }
}

async function beginTraining(parts: CommandParts, given: unknown): Promise<ServerStatus> {
  const argument = v.safeParse(trainArguments, given ?? undefined);
  if (!argument.success) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, 'recur.train takes nothing, or {"resume": true}.');
  }
  try {
    await parts.trainings.begin(argument.output?.resume === true);
    return statusOf(parts);
  } catch (error) {
    throw isUserError(error) ? new ResponseError(LSPErrorCodes.RequestFailed, describeError(error)) : error;
  }
}

function statusOf({ engines, trainings, models, offers, documents }: CommandParts): ServerStatus {
  const { phase, message, progress, validation, secondsLeft } = trainings.run.state;
  return {
    training: {
      ...{ phase, message, secondsLeft },
      step: progress.at(-1)?.step ?? null,
      perplexity: validation.at(-1)?.perplexity ?? null,
    },
    engine: engines.status,
    modelDirectory: models.directory() ?? null,
    completions: offers.summary,
    documents: documents.all().map((document) => {
      const text = document.text();
      return { uri: document.uri, version: document.version, length: text.length, sha256: sha256Of(text) };
    }),
  };
}
