/** Ids of the commands; package.json contributes the same ones with their titles. */
export const commands = {
  train: 'recur.train',
  continueTraining: 'recur.continueTraining',
  stopTraining: 'recur.stopTraining',
  showPanel: 'recur.showPanel',
  toggleCompletions: 'recur.toggleCompletions',
  keepListOpen: 'recur.keepListOpen',
  showCompletionStatistics: 'recur.showCompletionStatistics',
  useModel: 'recur.useModel',
  deleteModel: 'recur.deleteModel',
  toggleHeatMap: 'recur.toggleHeatMap',
  nextSurprise: 'recur.nextSurprise',
  previousSurprise: 'recur.previousSurprise',
  reviewChanges: 'recur.reviewChanges',
  lineIsFine: 'recur.lineIsFine',
  useRun: 'recur.useRun',
  renameRun: 'recur.renameRun',
  deleteRun: 'recur.deleteRun',
  showLog: 'recur.showLog',
  checkInstallation: 'recur.checkInstallation',
  installCuda: 'recur.installCuda',
} as const;
/** Runs when the editor has inserted a whole completion; nothing that a user could call. */
export const completionAcceptedCommand = '_recur.completionAccepted';
/** The editor's own: opens its settings, with a text to search for. */
export const openSettings = 'workbench.action.openSettings';
export type CommandId = (typeof commands)[keyof typeof commands];

/** Type of the panel's tab; package.json activates the extension when a window comes back with one. */
export const panelViewType = 'recur.perplexity';

/** Id of the view of a review; package.json contributes it. */
export const reviewView = 'recur.review';
/** Ids of the views in the side bar. */
export const modelView = 'recur.model';
export const runsView = 'recur.runs';
