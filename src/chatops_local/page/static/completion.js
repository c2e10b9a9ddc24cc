// What fits what is typed: commands and mentions of apps, then their arguments.

/** What begins what may be completed: a command, or a mention of an app. */
const BEGINNING = /^[/@]/;

/** What the text may become: each with the `text` that it then is, and how it is shown. */
export function fitting(text, commands) {
  if (!BEGINNING.test(text)) return [];
  const named = commands.filter(({ name }) => name.startsWith(text));
  if (named.length) return named.map(asSuggestion);
  const command = commandOf(text, commands);
  return command && text.startsWith(`${command.name} `) ? fittingArguments(text, command) : [];
}

/** The command of a text whose arguments are being typed: the longest that fits, as sub-commands are commands. */
export function commandOf(text, commands) {
  const fits = commands.filter(({ name }) => text === name || text.startsWith(`${name} `));
  return fits.sort((one, other) => other.name.length - one.name.length)[0];
}

/** The argument that is being typed, as it is declared; `undefined` if none is expected, or one of a name. */
export function argumentOf(text, command) {
  if (!text.startsWith(`${command.name} `)) return undefined;
  const words = text.slice(command.name.length + 1).trimStart().split(/ +/);
  const current = words.pop();
  const { left, named } = read(words, command.arguments ?? []);
  if (named) return named;
  if (current.startsWith("--")) return undefined;
  return left.find((each) => each.kind !== "flag" && !each.named);
}

function asSuggestion({ name, usage, description, app }) {
  const rest = usage.slice(name.length);
  return { text: rest ? `${name} ` : name, name, rest, description, app };
}

function fittingArguments(text, command) {
  const current = text.slice(text.lastIndexOf(" ") + 1);
  const before = text.slice(0, text.length - current.length);
  const words = before.slice(command.name.length + 1).split(/ +/).filter(Boolean);
  const { left, named } = read(words, command.arguments ?? []);
  if (!named && current.startsWith("-")) {
    const names = left.map((each) => ({ each, word: `--${each.name.replaceAll("_", "-")}` }));
    const fits = names.filter(({ word }) => word.startsWith(current) && word !== current);
    return fits.map(({ each, word }) => asArgument(before, word, each.help ?? ""));
  }
  const wanted = argumentOf(text, command);
  const choices = (wanted?.choices ?? []).filter((choice) => choice.startsWith(current) && choice !== current);
  return choices.map((choice) => asArgument(before, choice, wanted.help ?? wanted.name));
}

function asArgument(before, word, description) {
  return { text: `${before}${word} `, name: word, rest: "", description, app: "", isArgument: true };
}

/** Which arguments are still to come after some words, and which one's value comes next as it was named. */
function read(words, declared) {
  let left = [...declared];
  let named;
  for (const word of words) {
    if (named) named = undefined;
    else if (word.startsWith("--")) {
      const [name, value] = word.slice(2).replaceAll("-", "_").split("=");
      const given = left.find((each) => each.name === name);
      left = left.filter((each) => each !== given);
      if (given && given.kind !== "flag" && value === undefined) named = given;
    } else {
      const given = left.find((each) => each.kind !== "flag" && !each.named);
      if (given && !given.rest) left = left.filter((each) => each !== given);
    }
  }
  return { left, named };
}
