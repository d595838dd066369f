/** An event of a pure machine before its time is known. */
export type Untimed<Event extends { readonly nowMs: number }> = Event extends { nowMs: number }
  ? Omit<Event, 'nowMs'>
  : never
