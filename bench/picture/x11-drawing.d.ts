import 'x11'

/** What the stimulus uses of the package `x11` beside what Lotse does. */
declare module 'x11' {
  interface XClient {
    CopyArea(
      from: number,
      to: number,
      gc: number,
      fromX: number,
      fromY: number,
      toX: number,
      toY: number,
      width: number,
      height: number,
    ): void
    /** Until the release the server does nothing for other clients: they see all of a change or none of it. */
    GrabServer(): void
    UngrabServer(): void
  }
}
