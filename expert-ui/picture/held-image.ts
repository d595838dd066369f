/** Pixels that the browser holds until they are closed. */
export type HeldImage = ImageBitmap | VideoFrame

/** As it is drawn. */
export function sizeOf(image: HeldImage): { readonly width: number; readonly height: number } {
  return 'displayWidth' in image ? { width: image.displayWidth, height: image.displayHeight } : image
}
