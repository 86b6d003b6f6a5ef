import type { StoredMessage } from '../model.ts';

/** What the page offers to somebody who is here for the first time. */
export interface Guide {
  /** The steps in order, each with whether it has really happened. */
  steps(messages: (channel: string) => readonly StoredMessage[]): readonly GuideStep[];
  /**
   * Does what a step offers.
   * @throws Error in words for the person where it cannot be done
   */
  control(name: string): void;
}

export interface GuideStep {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly isDone: boolean;
  readonly offers: readonly GuideOffer[];
}

/** A button of a step. */
type GuideOffer = { readonly label: string } & (
  | { readonly do: 'control'; readonly control: string }
  /** Puts a text into the message box of a channel; sending it is left to the person. */
  | { readonly do: 'compose'; readonly channel: string; readonly text: string }
  | { readonly do: 'act_as'; readonly user: string; readonly channel: string }
  | { readonly do: 'show_cluster' }
);
