/** What arrays or buffers take up together. */
export function bytesOf(arrays: readonly { readonly byteLength: number }[]): number {
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
