/** What one attempt has come to. */
export type Attempt =
  | {
      readonly outcome: 'delivered';
      /** So many of the items were not taken, for good; which ones is not told. */
      readonly rejected?: number;
      readonly why?: string;
    }
  | {
      readonly outcome: 'retry';
      readonly why: string;
      /** The endpoint asks to be left alone for so long. */
      readonly afterMillis?: number;
    }
  /** Less of it at once may be taken. */
  | { readonly outcome: 'too_large'; readonly why: string }
  /** Something in it is wrong, and nobody says what. */
  | { readonly outcome: 'refused'; readonly why: string };

/** Where items go. */
export interface Deliverer<Kept> {
  /** Tries once. Never rejects. */
  send(items: readonly Kept[], timeoutMillis: number): Promise<Attempt>;
  shutdown(): Promise<void>;
}
