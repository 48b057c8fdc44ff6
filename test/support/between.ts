/** A text with what stands between two marks replaced. Throws where the marks are missing. */
export const between = (text: string, name: string, content: string): string => {
  const begin = `<!-- ${name}:begin (made by \`npm run docs\`) -->`;
  const end = `<!-- ${name}:end -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`there is no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
};
