/** Why the screen can't be shared: for the window, which says it in the customer's language. */
export type Unavailability =
  | 'no-display'
  | 'wayland'
  | 'refused'
  | 'missing-extension'
  | 'unusual-screen'
  | 'lost'

/** The desktop can't be opened, or is gone. The message is a whole English sentence. */
export class DesktopUnavailable extends Error {
  readonly why: Unavailability

  constructor(why: Unavailability, message: string) {
    super(message)
    this.name = 'DesktopUnavailable'
    this.why = why
  }
}

/** "What happened: this computer's screen can't be shared because …." */
export function unavailable(why: Unavailability, what: string, because: string): DesktopUnavailable {
  return new DesktopUnavailable(why, `${what}: this computer's screen can't be shared because ${because}.`)
}
