/** Longer than the second click of a double click may follow the first. */
const STRAY_MS = 700

/**
 * Made when a button appears: tells a click that is the second half of a double click on whatever stood in its place
 * before. Many people double click everything, and "Yes" must not become "End".
 */
export function strayClicks(
  now: () => number = () => performance.now(),
): (click: { detail: number }) => boolean {
  const shownAtMs = now()
  return ({ detail }) => detail > 1 && now() - shownAtMs < STRAY_MS
}
