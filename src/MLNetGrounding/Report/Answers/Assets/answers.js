"use strict";

(() => {
  const images = JSON.parse(document.getElementById("answers-data").textContent);

  // Every text comes in as a text node, so that no name, question or answer is ever read as markup.
  function node(name, properties = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  function addressOf(base64, type) {
    return URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))], { type }));
  }

  function probability(value) {
    return value < 0.001 ? "less than 0.001" : value < 1 && value > 0.9995 ? "more than 0.999" : value.toFixed(3);
  }

  function show(image) {
    const photo = node("img", { src: addressOf(image.picture, "image/webp"), alt: "" });
    const map = node("img", { alt: "" });
    const [left, top, width, height] = image.place.map((share) => `${100 * share}%`);
    Object.assign(map.style, { left, top, width, height });
    const picture = node("div", { class: "answer-picture", role: "img" }, photo);
    picture.style.setProperty("--ratio", image.width / image.height);
    const said = node("p", { class: "answer-said muted", role: "status", "aria-live": "polite" });
    const buttons = [];
    let chosen = null;

    function choose(button, word) {
      chosen = chosen === button ? null : button;
      for (const each of buttons) each.setAttribute("aria-pressed", String(each === chosen));
      picture.classList.toggle("looked", chosen !== null);
      if (chosen === null) {
        map.remove();
        picture.setAttribute("aria-label", image.name || "The image");
        said.textContent = "";
        return;
      }

      button.map ??= addressOf(word.map, "image/png");
      map.src = button.map;
      picture.append(map);
      picture.setAttribute("aria-label", `${image.name || "The image"} and where the model looked for “${word.text}”`);
      said.textContent = `Where the model looked for “${word.text}”` + (word.probability === undefined ? "." : `, which it said with a probability of ${probability(word.probability)}.`);
    }

    // Arrows go from word to word; the tab key does too.
    function step(event) {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
      buttons[buttons.indexOf(event.currentTarget) + by]?.focus();
      event.preventDefault();
    }

    function sentence(pieces, kind) {
      const line = node("p", { class: `sentence ${kind}` });
      for (const word of pieces) {
        if (!word.map) {
          line.append(word.text);
          continue;
        }

        const button = node("button", { type: "button", "aria-pressed": "false" }, word.text);
        button.addEventListener("click", () => choose(button, word));
        button.addEventListener("keydown", step);
        button.word = word;
        buttons.push(button);
        line.append(button);
      }

      return line;
    }

    const lines = image.exchanges.flatMap(({ question, answer }) => [sentence(question, "question"), sentence(answer, "answer-text")]);
    const heading = node("h3", {}, image.name || "Image", ...(image.label ? [" ", node("small", {}, image.label)] : []));
    const first = lines.flatMap((line) => line.matches(".answer-text") ? [...line.querySelectorAll("button")] : [])[0] ?? buttons[0];
    if (first) choose(first, first.word);
    else picture.setAttribute("aria-label", image.name || "The image");
    return node("li", {}, heading, picture, ...lines, said);
  }

  document.getElementById("answers").append(...images.map(show));
  document.documentElement.dataset.ready = "true";
})();
