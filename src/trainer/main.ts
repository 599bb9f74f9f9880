import { constants, setPriority } from 'node:os';
import type { TrainerEvents } from '../protocol/trainer';
import { serveParent } from '../ipc/parent';
import { createTrainer } from './trainerService';

// The editor, the engine and whatever else the user does come first.
setPriority(constants.priority.PRIORITY_LOW);

serveParent<TrainerEvents>(createTrainer, [
  ...([
    'log',
    'corpus',
    'fromRandomWeights',
    'start',
    'progress',
    'validation',
    'paused',
    'checkpoint',
    'exported',
    'sample',
  ] as const),
]);
