const LOOK_AGAIN_MS = 20

/** Looks until `isSo`, for what another process does and tells nobody; throws `explain()` after `limitMs`. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  limitMs: number,
  explain: () => string,
): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(explain())
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
  }
}
