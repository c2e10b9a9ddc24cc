// The commonest of Slack's emoji names. Others are shown as they are written.

const CHARACTERS = {
  arrow_right: "➡️", arrows_counterclockwise: "🔄", bell: "🔔", boom: "💥", bulb: "💡", calendar: "📆",
  clock1: "🕐", construction: "🚧", eyes: "👀", fast_forward: "⏩", fire: "🔥", gear: "⚙️", green_circle: "🟢",
  grey_question: "❔", heavy_check_mark: "✔️", hourglass: "⌛", hourglass_flowing_sand: "⏳",
  information_source: "ℹ️", key: "🔑", large_green_circle: "🟢", link: "🔗", lock: "🔒", mag: "🔍", memo: "📝",
  no_entry: "⛔", no_entry_sign: "🚫", octagonal_sign: "🛑", package: "📦", question: "❓", raised_hand: "✋",
  red_circle: "🔴", robot_face: "🤖", rocket: "🚀", rotating_light: "🚨", shield: "🛡️", smile: "😄", speech_balloon: "💬",
  stopwatch: "⏱️", tada: "🎉", thumbsup: "👍", timer_clock: "⏲️", unlock: "🔓", warning: "⚠️", wastebasket: "🗑️",
  wave: "👋", white_check_mark: "✅", wrench: "🔧", x: "❌", zzz: "💤",
};

/** The character that a name stands for, if it is known. */
export function emoji(name) {
  return Object.hasOwn(CHARACTERS, name) ? CHARACTERS[name] : undefined;
}
