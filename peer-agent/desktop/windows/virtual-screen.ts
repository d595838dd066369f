import type { User32 } from './user32.ts'

const SM_XVIRTUALSCREEN = 76
const SM_YVIRTUALSCREEN = 77
const SM_CXVIRTUALSCREEN = 78
const SM_CYVIRTUALSCREEN = 79

/**
 * The bounding box of all monitors. Its top left corner is the layout's origin; Windows' own origin is the top left
 * corner of the primary monitor, so `left` and `top` may be negative.
 */
export interface VirtualScreen {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export function virtualScreen(user32: User32): VirtualScreen {
  return {
    left: user32.metric(SM_XVIRTUALSCREEN),
    top: user32.metric(SM_YVIRTUALSCREEN),
    width: user32.metric(SM_CXVIRTUALSCREEN),
    height: user32.metric(SM_CYVIRTUALSCREEN),
  }
}
