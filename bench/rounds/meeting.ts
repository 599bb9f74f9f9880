import { meanDifference } from '../../src/core/roundSettings';
import type { RoundOptions } from '../../src/training/loop/rounds';

/** Where machines of one process meet. @returns what each of them meets the others by */
export function createMeeting(machines: number): (machine: number) => RoundOptions['meet'] {
  const waiting = new Map<
    number,
    { told: Map<number, Float32Array>; tell: (mean: Float32Array) => void; mean: Promise<Float32Array> }
  >();
  const meetingOf = (round: number) => {
    const known = waiting.get(round);
    if (known !== undefined) return known;
    const { promise: mean, resolve: tell } = withResolvers<Float32Array>();
    const meeting = { told: new Map<number, Float32Array>(), tell, mean };
    waiting.set(round, meeting);
    return meeting;
  };
  return (machine) => (round, difference) => {
    const { told, tell, mean } = meetingOf(round);
    told.set(machine, difference);
    if (told.size === machines) {
      waiting.delete(round);
      tell(meanDifference([...told.keys()].sort((a, b) => a - b).map((index) => told.get(index)!)));
    }
    return mean;
  };
}

function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((resolveIt) => (resolve = resolveIt));
  return { promise, resolve };
}
