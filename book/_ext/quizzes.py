"""The directive ``quiz``: self-check questions from ``questions/<chapter>.yml``.

Why not an existing quiz library: the one that works without a network (jupyterquiz) needs a
script per question, gives its parts random ids, and fails accessibility rules unless patched;
the others load scripts from elsewhere or cannot be reached by keyboard. Native form controls
need none of that: a question is a ``fieldset`` with radio buttons, check boxes or a text field,
its feedback a ``status`` region, and one script of about a kilobyte compares and shows.

All feedback stands in the page, in a ``details`` element below each question. Without
JavaScript the reader opens it to see the answers; with JavaScript it is hidden and is where the
script takes the feedback from. Texts are MyST, so formulas, links and roles work in them.
"""

from __future__ import annotations

import html
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import jsonschema
import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

    Bank = dict[str, Any]

BOOK = Path(__file__).resolve().parents[1]
QUESTIONS = BOOK.parent / "questions"
FOLDER = BOOK / "_static" / "quizzes"
SCRIPT, STYLE = "quizzes/quiz.js", "quizzes/quiz.css"


# ---- the bank ------------------------------------------------------------------------------
def read_yaml(name: str) -> Any:
    """Contents of a file in the folder of the questions."""
    return yaml.safe_load((QUESTIONS / name).read_text("utf8"))


def load_bank(slug: str) -> Bank:
    """Questions of a chapter, checked against the schema and the list of misconceptions."""
    path = QUESTIONS / f"{slug}.yml"
    if not path.is_file():
        known = sorted(p.stem for p in QUESTIONS.glob("*.yml") if p.stem != "misconceptions")
        raise ValueError(f"No questions for {slug!r}. There are banks for {', '.join(known)}.")
    bank: Bank = read_yaml(path.name)
    check_bank(bank, read_yaml("schema.json"), read_yaml("misconceptions.yml"))
    for question in bank["questions"]:
        shuffle(question)
    return bank


def shuffle(question: dict[str, Any]) -> None:
    """Put the options into an order that does not tell which is right, always the same one."""
    if "options" in question:
        random.Random(question["id"]).shuffle(question["options"])


def check_bank(bank: Bank, schema: dict[str, Any], misconceptions: dict[str, Any]) -> None:
    """Raise ValueError, saying where and what, unless the bank follows its rules."""
    for fault in jsonschema.Draft202012Validator(schema).iter_errors(bank):
        raise ValueError(f"Question bank, at {fault.json_path}: {fault.message}")
    for question in bank["questions"]:
        _check_answers(question)
        for reply in replies(question):
            name = reply.get("misconception")
            if name is not None and name not in misconceptions:
                raise ValueError(f"Question {question['id']!r}: unknown misconception {name!r}.")


def _check_answers(question: dict[str, Any]) -> None:
    right = sum(bool(option.get("correct")) for option in question.get("options", ()))
    if question["kind"] == "single" and right != 1:
        raise ValueError(f"Question {question['id']!r}: one option must be right, found {right}.")
    if question["kind"] == "multiple" and not 0 < right < len(question["options"]):
        raise ValueError(f"Question {question['id']!r}: some options must be right, not {right}.")


def replies(question: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything the question can say back, the right answers' explanations included."""
    if question["kind"] == "numeric":
        return [question["answer"], *question.get("wrong", []), question["otherwise"]]
    return list(question["options"])


def is_right(question: dict[str, Any], reply: dict[str, Any]) -> bool:
    """Whether this reply belongs to a right answer."""
    return bool(reply.get("correct")) or reply is question.get("answer")


# ---- nodes ---------------------------------------------------------------------------------
class quiz(nodes.General, nodes.Element):  # noqa: N801  (docutils' nodes are lower case)
    """All questions of a chapter."""


class quiz_part(nodes.General, nodes.Element):  # noqa: N801
    """A piece of a question: its opening and closing HTML stand in its attributes."""


class quiz_see(nodes.General, nodes.Inline, nodes.Element):  # noqa: N801
    """A link to the place that treats a misconception; plain text until that page exists."""


def _part(opening: str, closing: str, *children: nodes.Node) -> quiz_part:
    part = quiz_part(opening=opening, closing=closing)
    part += children
    return part


class QuizDirective(SphinxDirective):
    """``{quiz} CHAPTER-SLUG`` places the self-check quiz of that chapter."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        slug = self.arguments[0]
        try:
            bank = load_bank(slug)
        except (ValueError, yaml.YAMLError) as fault:
            raise self.error(str(fault)) from fault
        for name in (f"{slug}.yml", "schema.json", "misconceptions.yml"):
            self.env.note_dependency(str(QUESTIONS / name))
        self.misconceptions = read_yaml("misconceptions.yml")
        root = quiz(slug=slug, count=len(bank["questions"]))
        root += [self.question(slug, i, q) for i, q in enumerate(bank["questions"], start=1)]
        return [root]

    def question(self, slug: str, number: int, question: dict[str, Any]) -> quiz_part:
        """One fieldset: prompt, controls, button, feedback region, all replies."""
        name = f"{slug}-{question['id']}"
        opening = (
            f'<fieldset class="bnq-question" id="{name}" data-kind="{question["kind"]}">'
            f'<legend><span class="bnq-number">Question {number}.</span> '
        )
        prompt = _part(opening, "</legend>", *self.inline(question["prompt"]))
        fieldset = _part("", "</fieldset>\n", prompt, *self.code(question))
        fieldset += self.controls(name, question)
        fieldset += _part(
            '<button type="button" class="bnq-check">Check<span class="bnq-hidden"> '
            f'question {number}</span></button><div class="bnq-feedback" role="status"></div>',
            "",
        )
        fieldset += self.answers(question)
        return fieldset

    def controls(self, name: str, question: dict[str, Any]) -> list[nodes.Node]:
        if question["kind"] == "numeric":
            return [self.number_field(name, question)]
        kind = "radio" if question["kind"] == "single" else "checkbox"
        return [
            _part(
                f'<label class="bnq-option"><input type="{kind}" name="{name}" value="{i}"><span>',
                "</span></label>",
                *self.inline(option["text"]),
            )
            for i, option in enumerate(question["options"])
        ]

    def number_field(self, name: str, question: dict[str, Any]) -> quiz_part:
        unit = html.escape(question["answer"].get("unit", ""))
        field = (
            f'<label class="bnq-number-field"><span>Your answer</span><input type="text" '
            f'inputmode="decimal" autocomplete="off" size="10" name="{name}">'
        )
        return _part(f"{field}<span>{unit}</span></label>", "")

    def answers(self, question: dict[str, Any]) -> quiz_part:
        """Replies to all answers: the script's store, and the key of readers without it."""
        opening = '<details class="bnq-answers"><summary>Answers and why</summary>'
        parts = [
            self.reply(question, reply, value) for value, reply in enumerate(replies(question))
        ]
        return _part(opening, "</details>", *parts)

    def reply(self, question: dict[str, Any], reply: dict[str, Any], index: int) -> quiz_part:
        right = is_right(question, reply)
        data = f'data-index="{index}" data-right="{str(right).lower()}"'
        if "value" in reply:
            data += f' data-value="{reply["value"]!r}" data-tolerance="{reply["tolerance"]!r}"'
        heard = reply.get("text", str(reply.get("value", "anything else")))
        answer = _part('<p class="bnq-answer">', "</p>", *self.inline(heard))
        verdict = "Right." if right else "Not so."
        start = f'<p class="bnq-why"><strong class="bnq-verdict">{verdict}</strong> '
        body = _part(start, "</p>", *self.inline(reply["feedback"]))
        return _part(
            f'<div class="bnq-reply" {data}>', "</div>", answer, body, *self.treated(reply, right)
        )

    def treated(self, reply: dict[str, Any], right: bool) -> list[nodes.Node]:
        """Name of the misconception and the link to where it is treated."""
        parts: list[nodes.Node] = []
        belief = self.misconceptions.get(reply.get("misconception"), {})
        if belief:
            title = self.inline(belief["title"])
            start = "Against the misconception: “" if right else "The misconception: “"
            parts += [nodes.Text(start), *title, nodes.Text("” ")]
        see = reply.get("see", belief.get("see"))
        if see:
            link = quiz_see(page=see["page"], anchor=see.get("anchor", ""))
            link += nodes.Text(see["text"])
            parts += [nodes.Text("See "), link, nodes.Text(".")]
        return [_part('<p class="bnq-treated">', "</p>", *parts)] if parts else []

    def code(self, question: dict[str, Any]) -> list[nodes.Node]:
        if "code" not in question:
            return []
        block = nodes.literal_block(question["code"], question["code"].rstrip())
        block["language"] = "python"
        return [block]

    def inline(self, text: str) -> list[nodes.Node]:
        """Nodes of a MyST text that is one paragraph."""
        holder = nodes.Element()
        lines = StringList(text.strip().splitlines(), self.env.docname)
        self.state.nested_parse(lines, self.content_offset, holder)
        if len(holder) != 1 or not isinstance(holder[0], nodes.paragraph):
            raise self.error(f"A text of a quiz must be one paragraph: {text!r}")
        return list(holder[0].children)


# ---- HTML ----------------------------------------------------------------------------------
def visit_quiz(self: HTML5Translator, node: quiz) -> None:
    slug, count = node["slug"], node["count"]
    self.body.append(
        f'<form class="bnq" id="quiz-{slug}" aria-label="Self-check quiz" autocomplete="off">'
        f'<p class="bnq-score">{count} questions.</p>'
    )


def depart_quiz(self: HTML5Translator, node: quiz) -> None:
    self.body.append("</form>\n")


def visit_part(self: HTML5Translator, node: quiz_part) -> None:
    self.body.append(node["opening"])


def depart_part(self: HTML5Translator, node: quiz_part) -> None:
    self.body.append(node["closing"])


def visit_see(self: HTML5Translator, node: quiz_see) -> None:
    target = find_document(self.builder.env.all_docs, node["page"])
    if target is None:
        self.body.append("<span>")
        return
    address = self.builder.get_relative_uri(self.builder.current_docname, target)
    anchor = f"#{node['anchor']}" if node["anchor"] else ""
    self.body.append(f'<a class="reference internal" href="{html.escape(address + anchor)}">')


def depart_see(self: HTML5Translator, node: quiz_see) -> None:
    linked = find_document(self.builder.env.all_docs, node["page"]) is not None
    self.body.append("</a>" if linked else "</span>")


def find_document(documents: Any, page: str) -> str | None:
    """Name of the document that is this page of the book, wherever the book's folder lies."""
    return next((name for name in documents if f"/{name}".endswith(f"/{page}")), None)


def _pass(self: Any, node: nodes.Element) -> None:
    """Other formats show the texts."""


def add_to_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Add script and style to pages that have a quiz, and only to these."""
    if doctree is not None and next(doctree.findall(quiz), None) is not None:
        app.add_js_file(SCRIPT, defer="defer")
        app.add_css_file(STYLE)


def keep_off_other_pages(app: Sphinx, config: Any) -> None:
    """Take files of this folder off the lists of what every page loads."""
    for files in (config.html_js_files, config.html_css_files):
        names = [entry if isinstance(entry, str) else entry[0] for entry in files]
        files[:] = [f for f, name in zip(files, names, strict=True) if "quizzes/" not in name]


def copy_files(app: Sphinx, exception: Exception | None) -> None:
    """Copy script and style sheet to the site."""
    if exception is None and app.builder.format == "html":
        target = Path(app.outdir) / "_static" / "quizzes"
        shutil.copytree(FOLDER, target, dirs_exist_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    shown = (_pass, _pass)
    other = {"latex": shown, "text": shown, "man": shown, "texinfo": shown}
    app.add_node(quiz, html=(visit_quiz, depart_quiz), **other)
    app.add_node(quiz_part, html=(visit_part, depart_part), **other)
    app.add_node(quiz_see, html=(visit_see, depart_see), **other)
    app.add_directive("quiz", QuizDirective)
    app.connect("config-inited", keep_off_other_pages, priority=100)
    app.connect("html-page-context", add_to_page)
    app.connect("build-finished", copy_files, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
