import sharp from 'sharp'
import type { StillsRecord } from '../../../peer-agent/picture/still-coder.ts'

/** What a recording shows: RGB, drawn from its records one after the other. */
export class PlayedRecording {
  width = 0
  height = 0
  rgb = new Uint8Array()

  async draw({ layout, stills }: StillsRecord['content'], payload: Uint8Array): Promise<void> {
    if (layout) {
      this.width = layout.width
      this.height = layout.height
      this.rgb = new Uint8Array(layout.width * layout.height * 3)
    }
    let at = 0
    for (const { x, y, width, height, bytes } of stills) {
      const image = sharp(payload.subarray(at, at + bytes))
        .removeAlpha()
        .raw()
      const { data, info } = await image.toBuffer({ resolveWithObject: true })
      at += bytes
      if (info.width !== width || info.height !== height)
        throw new Error('A still has another size than it says.')
      for (let row = 0; row < height; row++) {
        const line = data.subarray(row * width * 3, (row + 1) * width * 3)
        this.rgb.set(line, ((y + row) * this.width + x) * 3)
      }
    }
  }
}
