// A select menu, of one choice or of several, with a field to filter many options.

import { element, span } from "./dom.js";
import { plain } from "./mrkdwn.js";

const MANY = 10;
let count = 0;

export class Menu {
  #id = `menu-${(count += 1)}`;
  #several;
  #most;
  #groups;
  #placeholder;
  #values;
  #choose;
  #button;
  #panel;
  #filter = null;
  #list;
  #active = null;

  /**
   * @param each the element of the block
   * @param {string} key tells the button from others, also when it is shown anew
   * @param {string[]} values what is chosen
   * @param {(values: string[], button: HTMLElement) => Promise<boolean>} choose gets what is chosen from then on; false
   * if somebody thinks better of it
   */
  constructor(each, key, values, choose) {
    this.#several = each.type.startsWith("multi_");
    this.#groups = each.option_groups ?? [{ options: each.options }];
    this.#most = this.#several ? (each.max_selected_items ?? Infinity) : 1;
    this.#placeholder = plain(each.placeholder?.text ?? "Choose");
    this.#values = values;
    this.#choose = choose;
    this.#button = this.#makeButton(key);
    this.#list = this.#makeList();
    this.#filter = this.#options.length > MANY ? this.#makeFilter() : null;
    this.#panel = this.#makePanel();
    this.element = element("span", { className: "menu" }, this.#button, this.#panel);
    this.element.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.element.contains(relatedTarget)) this.#close(false);
    });
    this.#label();
  }

  get #options() {
    return this.#groups.flatMap(({ options }) => options);
  }

  #makeButton(key) {
    const properties = { type: "button", className: "quiet", "aria-haspopup": "listbox", "aria-expanded": "false" };
    const made = element("button", { ...properties, "data-key": key });
    made.addEventListener("click", () => (this.#panel.hidden ? this.#open() : this.#close()));
    return made;
  }

  #makeList() {
    const several = this.#several ? "true" : null;
    const properties = { id: this.#id, role: "listbox", tabIndex: 0, "aria-multiselectable": several };
    const made = element("div", { ...properties, "aria-label": this.#placeholder });
    made.addEventListener("click", ({ target }) => this.#take(target.closest("[role=option]")));
    return made;
  }

  #makeFilter() {
    const properties = { type: "text", autocomplete: "off", spellcheck: false, placeholder: "Type to filter" };
    const role = { role: "combobox", "aria-expanded": "true", "aria-controls": this.#id };
    const made = element("input", { ...properties, ...role, "aria-label": `Filter ${this.#placeholder}` });
    made.addEventListener("input", () => this.#fill());
    return made;
  }

  #makePanel() {
    const limited = this.#most > 1 && this.#most < this.#options.length;
    const hint = limited ? span("faint", `Up to ${this.#most}`) : null;
    const made = element("div", { className: "panel", hidden: true }, hint, this.#filter, this.#list);
    made.addEventListener("keydown", (event) => this.#key(event));
    return made;
  }

  #open() {
    if (this.#filter) this.#filter.value = "";
    this.#panel.hidden = false;
    this.#button.setAttribute("aria-expanded", "true");
    this.#fill();
    (this.#filter ?? this.#list).focus();
    this.#panel.scrollIntoView({ block: "nearest" });
  }

  /** Open towards the left where there is no room at the right: the conversation is not to scroll sideways. */
  #keepInside() {
    this.#panel.classList.remove("leftwards");
    const edge = (this.element.closest("[role=log]") ?? document.body).getBoundingClientRect().right;
    this.#panel.classList.toggle("leftwards", this.#panel.getBoundingClientRect().right > edge);
  }

  #close(back = true) {
    if (this.#panel.hidden) return;
    this.#panel.hidden = true;
    this.#button.setAttribute("aria-expanded", "false");
    if (back) this.#button.focus();
  }

  /** The options that fit what is typed. */
  #fill() {
    const wanted = (this.#filter?.value ?? "").toLowerCase();
    const fits = ({ text }) => plain(text.text).toLowerCase().includes(wanted);
    const rowsOf = ({ label, options }) => grouped(label, options.filter(fits).map((each) => this.#row(each)));
    this.#list.replaceChildren(...this.#groups.flatMap(rowsOf));
    const rows = this.#rows();
    if (!rows.length) this.#list.append(element("div", { role: "option", "aria-disabled": "true" }, "Nothing fits"));
    this.#keepInside();
    this.#activate(rows.find((row) => row.getAttribute("aria-selected") === "true") ?? rows[0]);
  }

  #row({ text, value, description }) {
    const chosen = this.#values.includes(value);
    const place = this.#options.findIndex((option) => option.value === value);
    const properties = { id: `${this.#id}-${place}`, role: "option", "aria-selected": String(chosen) };
    return element(
      "div",
      { ...properties, "data-value": value, "aria-disabled": !chosen && this.#isFull() ? "true" : null },
      plain(text.text),
      description ? span("faint", ` ${plain(description.text)}`) : null,
    );
  }

  #isFull() {
    return this.#several && this.#values.length >= this.#most;
  }

  #rows() {
    return [...this.#list.querySelectorAll("[data-value]")];
  }

  #activate(row) {
    this.#active?.classList.remove("active");
    this.#active = row ?? null;
    const holder = this.#filter ?? this.#list;
    if (!row) return holder.removeAttribute("aria-activedescendant");
    row.classList.add("active");
    row.scrollIntoView({ block: "nearest" });
    holder.setAttribute("aria-activedescendant", row.id);
  }

  #key(event) {
    const action = this.#actionOf(event.key);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  }

  #actionOf(key) {
    const rows = this.#rows();
    const at = rows.indexOf(this.#active);
    const to = (place) => () => this.#activate(rows[(place + rows.length) % rows.length]);
    if (key === "Escape") return () => this.#close();
    if (key === "Enter" || (key === " " && !this.#filter)) return () => this.#take(this.#active);
    if (key === "ArrowDown" && rows.length) return to(at + 1);
    if (key === "ArrowUp" && rows.length) return to(at - 1);
    // In the field they move the cursor.
    if (key === "Home" && !this.#filter) return to(0);
    if (key === "End" && !this.#filter) return to(rows.length - 1);
    return null;
  }

  async #take(row) {
    if (!row || row.getAttribute("aria-disabled")) return;
    const before = this.#values;
    this.#show(this.#with(row.dataset.value), row.dataset.value);
    if (!this.#several) this.#close();
    if (!(await this.#choose(this.#values, this.#button))) this.#show(before, row.dataset.value);
  }

  #with(value) {
    if (!this.#several) return [value];
    return this.#values.includes(value) ? this.#values.filter((each) => each !== value) : [...this.#values, value];
  }

  #show(values, active) {
    this.#values = values;
    this.#label();
    if (this.#panel.hidden) return;
    this.#fill();
    this.#activate(this.#rows().find(({ dataset }) => dataset.value === active));
  }

  /** What is chosen, or what is to be. */
  #label() {
    const chosen = this.#options.filter(({ value }) => this.#values.includes(value));
    const shown = chosen.map(({ text }) => plain(text.text)).join(", ") || this.#placeholder;
    this.#button.replaceChildren(shown, element("span", { "aria-hidden": "true" }, " ▾"));
    this.#button.setAttribute("aria-label", chosen.length ? `${this.#placeholder}: ${shown}` : shown);
  }
}

function grouped(label, rows) {
  if (!label || !rows.length) return rows;
  const title = plain(label.text);
  const heading = element("div", { className: "faint", "aria-hidden": "true" }, title);
  return [element("div", { role: "group", "aria-label": title }, heading, rows)];
}
