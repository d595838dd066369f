/**
 * What a checker of accessibility would call serious, as far as a page can tell of itself: colours of text, names of
 * what can be operated, what has the focus while hidden, ids that come twice (WCAG 2.2, 1.4.3, 4.1.2).
 */
export function accessibilityFaults(): string[] {
  const faults: string[] = []
  for (const element of document.querySelectorAll<HTMLElement>('*')) {
    if (!isVisible(element)) continue
    const contrast = contrastOf(element)
    if (contrast) faults.push(contrast)
  }
  for (const element of document.querySelectorAll<HTMLElement>(
    'button, input, select, textarea, a[href], [tabindex]:not([tabindex="-1"]), [role="slider"], [role="img"]',
  )) {
    if (element.closest('[aria-hidden="true"]')) {
      if (element.tabIndex >= 0) faults.push(`hidden, but takes the focus: ${nameOf(element)}`)
    } else if (isVisible(element) && spokenName(element) === '')
      faults.push(`without a name: ${nameOf(element)}`)
  }
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at)))
    faults.push(`id ${id} comes twice`)
  for (const scrolls of document.querySelectorAll<HTMLElement>('*')) {
    const isCut = /auto|scroll/.test(getComputedStyle(scrolls).overflowY)
    const canScroll = isCut && scrolls.scrollHeight > scrolls.clientHeight + 1
    if (canScroll && scrolls.tabIndex < 0 && !scrolls.querySelector('button, a[href], input, [tabindex="0"]'))
      faults.push(`scrolls, but not by keyboard: ${nameOf(scrolls)}`)
  }
  if (!document.documentElement.lang) faults.push('the page names no language')
  if (document.querySelectorAll('h1').length !== 1) faults.push('not exactly one main heading')
  if (document.querySelectorAll('main').length !== 1) faults.push('not exactly one main part')
  return faults
}

function nameOf(element: Element): string {
  return `${element.tagName.toLowerCase()}.${element.className.toString().replaceAll(' ', '.')} ${element.textContent?.trim().slice(0, 40)}`
}

function isVisible(element: HTMLElement): boolean {
  const { width, height } = element.getBoundingClientRect()
  return (
    width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  )
}

function spokenName(element: HTMLElement): string {
  const labelled = element.getAttribute('aria-labelledby')
  const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : null
  const own = element.getAttribute('aria-label') ?? label ?? element.textContent ?? element.title
  return ((labelled && document.getElementById(labelled)?.textContent) || own).trim()
}

/** Text on a pattern is measured against the pattern's own colours. */
function contrastOf(element: HTMLElement): string | null {
  const hasText = [...element.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
  )
  if (!hasText || element.closest(':disabled')) return null
  const { color, fontSize, fontWeight } = getComputedStyle(element)
  const isLarge = Number.parseFloat(fontSize) >= (Number(fontWeight) >= 700 ? 18.6 : 24)
  const grounds = groundsOf(element)
  const worst = Math.min(...grounds.map((ground) => contrast(over(rgba(color), ground), ground)))
  return worst < (isLarge ? 3 : 4.5) ? `contrast ${worst.toFixed(2)}: ${nameOf(element)}` : null
}

type Rgba = readonly [number, number, number, number]
const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!

function rgba(colour: string): Rgba {
  context.clearRect(0, 0, 1, 1)
  context.fillStyle = colour
  context.fillRect(0, 0, 1, 1)
  const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data
  return [r!, g!, b!, a! / 255]
}

function groundsOf(element: Element | null): Rgba[] {
  if (!element)
    return [rgba(getComputedStyle(document.documentElement).colorScheme.includes('dark') ? '#000' : '#fff')]
  const { backgroundColor, backgroundImage } = getComputedStyle(element)
  const solid = rgba(backgroundColor)
  const pattern = (backgroundImage.match(/(?:rgba?|color|oklab|oklch)\([^()]*\)/g) ?? []).map(rgba)
  if (solid[3] === 1 && pattern.length === 0) return [solid]
  const below = groundsOf(element.parentElement)
  const grounds = below.map((ground) => over(solid, ground))
  const opaque = pattern.filter(([, , , a]) => a === 1)
  const base = opaque.length > 0 ? opaque : grounds
  return [...base, ...pattern.flatMap((colour) => base.map((ground) => over(colour, ground)))]
}

function over([r, g, b, a]: Rgba, [r2, g2, b2]: Rgba): Rgba {
  return [r * a + r2 * (1 - a), g * a + g2 * (1 - a), b * a + b2 * (1 - a), 1]
}

function luminance([r, g, b]: Rgba): number {
  const [x, y, z] = [r, g, b].map((value) => {
    const channel = value / 255
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * x + 0.7152 * y + 0.0722 * z
}

function contrast(one: Rgba, other: Rgba): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (high + 0.05) / (low + 0.05)
}
