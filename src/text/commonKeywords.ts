/** Words that many languages have in common: what is frequent where there is too little text to count in. */
export const commonKeywords: readonly string[] = (
  'abstract and as assert async await bool boolean break case catch char class const constructor continue def default do' +
  ' else end enum except export extends extern false final finally float fn for from func function if impl implements import' +
  ' in include instanceof int interface is let long match mod module mut namespace new nil none None not null number object' +
  ' of or override package private protected pub public readonly return self Self static string struct super switch then this' +
  ' throw throws true True False try type typeof undefined union use using val var virtual void where while with yield'
).split(' ');
