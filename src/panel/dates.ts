/** A date with its time, as the language of the page writes it. */
export function formatDate(date: Date, options?: Intl.DateTimeFormatOptions): string {
  return date.toLocaleString(document.documentElement.lang, options);
}
