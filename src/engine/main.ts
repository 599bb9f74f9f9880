import type { EngineEvents } from '../protocol/engine';
import { createEngine } from './engineService';
import { serveParent } from '../ipc/parent';

serveParent<EngineEvents>(
  (events, logger) => createEngine(events, logger),
  ['log', 'evaluated', 'replayed', 'calibrated', 'providers'],
);
