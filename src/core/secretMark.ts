/**
 * Stands for each UTF-16 unit of a secret in every text that is learned from, remembered or completed: the replacement
 * character, which stands in no text that is whole. A completion ends before it.
 */
export const secretMark = '\uFFFD';
