import type { Cell } from '../../../core/configuration';
import { gruCell } from './portableGru';
import { lstmCell } from './portableLstm';
import { rnnCell } from './portableRnn';
import type { RecurrentCell } from './recurrentCell';

export const recurrentCells: Readonly<Record<Cell, RecurrentCell>> = { rnn: rnnCell, gru: gruCell, lstm: lstmCell };
