/** Calls `action` before the page's next picture is shown; returns the undo. */
export function onNextFrame(action: () => void): () => void {
  const frame = requestAnimationFrame(action)
  return () => cancelAnimationFrame(frame)
}
