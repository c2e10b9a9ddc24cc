// Which commands fit what is typed.

/** The commands that a text may become, or that it is; none once its arguments are typed. */
export function fitting(text, commands) {
  if (!text.startsWith("/")) return [];
  return commands.filter(({ name }) => name.startsWith(text));
}

/** The command of a text whose arguments are being typed: the longest that fits, as sub-commands are commands. */
export function commandOf(text, commands) {
  const fits = commands.filter(({ name }) => text === name || text.startsWith(`${name} `));
  return fits.sort((one, other) => other.name.length - one.name.length)[0];
}
