/** For the operator's log: no content, no key [S5]. */
export interface RecordingNote {
  readonly sessionId: string
  readonly event: 'held' | 'trouble' | 'recovered' | 'refused' | 'late-frame' | 'index-failed' | 'end-delayed'
  readonly detail?: string
}
