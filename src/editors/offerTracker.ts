import type { Event, NewEmitter } from './emitter';
import { afterAcceptance, afterRejection, noBackOff, raisedMinimum } from '../offers/backOff';
import { afterEdit, type Offer } from '../offers/offerTracking';
import type { TextEdit } from '../text/textEdit';
import {
  summaryOf,
  withLatency,
  type CompletionStatistics,
  type CompletionSummary,
} from '../protocol/completionStatistics';

/** What becomes of the completions that the editor was given: counted, and a reason to back off or to come back. */
export interface OfferTracker {
  /**
   * A completion goes to the editor.
   * @param typed UTF-16 units of the text that stand in the document already
   * @returns its number, for {@link OfferTracker.acceptedByCommand}
   */
  offered(place: {
    readonly uri: string;
    readonly start: number;
    readonly text: string;
    readonly typed: number;
    readonly listed?: number;
    readonly others?: readonly string[];
  }): number;
  /** The editor says that a completion was accepted; its edit may have said so before. */
  acceptedByCommand(number: number): void;
  /** Edits of one change, each in the text before all of them, the last place first. */
  edited(uri: string, edits: readonly TextEdit[]): void;
  /** The editor was answered, so long after it has asked. */
  answered(milliseconds: number): void;
  /** The confidence to ask for, where `minimum` is the setting. */
  minimumConfidence(minimum: number): number;
  readonly statistics: CompletionStatistics;
  readonly summary: CompletionSummary;
  readonly onDidChange: Event<CompletionStatistics>;
}

/** @param nowMs a clock that only goes forwards */
export function createOfferTracker(
  earlier: CompletionStatistics,
  nowMs: () => number,
  newEmitter: NewEmitter,
): OfferTracker {
  const changed = newEmitter<CompletionStatistics>();
  let statistics = earlier;
  let backOff = noBackOff;
  let offer: Offer | undefined;
  let number = 0;
  /** What was counted of the current offer. */
  let counted: 'nothing' | 'partly' | 'accepted' = 'nothing';

  function count(key: 'offered' | 'accepted' | 'partly' | 'rejected', charactersSaved = 0): void {
    const saved = statistics.charactersSaved + charactersSaved;
    statistics = { ...statistics, [key]: statistics[key] + 1, charactersSaved: saved };
    changed.fire(statistics);
  }

  function save(characters: number): void {
    statistics = { ...statistics, charactersSaved: statistics.charactersSaved + characters };
    changed.fire(statistics);
  }

  function accept(how: 'accepted' | 'partly', charactersSaved: number): void {
    // Word by word to its end: it is no partly accepted one any more.
    if (counted === 'partly' && how === 'accepted') statistics = { ...statistics, partly: statistics.partly - 1 };
    if (counted === how) save(charactersSaved);
    else count(how, charactersSaved);
    backOff = afterAcceptance(backOff, nowMs(), how);
    counted = how;
  }

  function follow(edit: TextEdit): void {
    if (offer === undefined) return;
    const { outcome, offer: next } = afterEdit(offer, edit, nowMs());
    const saved = (next?.saved ?? 0) - offer.saved;
    offer = outcome === 'accepted' ? undefined : next;
    if (outcome === 'accepted' || outcome === 'partly') accept(outcome, saved);
    if (outcome === 'rejected' && counted === 'nothing') {
      count('rejected');
      backOff = afterRejection(backOff, nowMs());
    }
  }

  return {
    offered({ uri, start, text, typed, others = [], ...listed }) {
      const rest = text.slice(typed);
      const isAt = offer?.uri === uri && offer.start + offer.typed === start + typed;
      // What is left of one that is being typed, or was accepted in part, is no new one; others may have come beside it.
      if (offer !== undefined && isAt && offer.text.slice(offer.typed) === rest) {
        const stands = offer.text.slice(0, offer.typed);
        offer = { ...offer, others: others.map((other) => stands + other.slice(typed)) };
        return number;
      }
      offer = { uri, start, text, typed, others, ...listed, saved: 0, atMs: nowMs() };
      counted = 'nothing';
      count('offered');
      return ++number;
    },
    acceptedByCommand(which) {
      if (which !== number || counted === 'accepted') return;
      accept('accepted', offer === undefined ? 0 : offer.text.length - offer.typed);
      offer = undefined;
    },
    edited(uri, edits) {
      if (offer?.uri === uri) edits.forEach(follow);
    },
    answered(milliseconds) {
      statistics = withLatency(statistics, milliseconds);
      changed.fire(statistics);
    },
    minimumConfidence: (minimum) => raisedMinimum(minimum, backOff, nowMs()),
    get statistics() {
      return statistics;
    },
    get summary() {
      return summaryOf(statistics);
    },
    onDidChange: changed.event,
  };
}
