"""A page taken apart into sections."""

from bnsite import katex
from bnsite.search.sections import sections
from bs4 import BeautifulSoup

PAGE = f"""<nav>Suggest edit</nav><article class="bd-article"><section id="the-page">
<h1>The <em>page</em><a class="headerlink" href="#the-page">#</a></h1>
<p>First <strong>words</strong>, and {katex.render("x^2", "{}")}.</p><!-- unseen -->
<section id="part"><h2>Part<a class="headerlink">#</a></h2>
<fieldset><legend>Guess:</legend><label><span>1.</span> more</label><label>2. less</label>
</fieldset><p>Some text.</p><div class="highlight"><pre>code()
more()</pre></div><div class="cell_output"><pre>printed</pre></div><button>Copy</button>
<script>never()</script><figure><img alt="drawn"><figcaption>A figure.</figcaption></figure>
<dl class="glossary"><dt id="term-batch">batch<a class="headerlink">#</a></dt>
<dd><p>Examples.</p></dd></dl>
</section></section><section><p>no heading</p></section></article><footer>Next</footer>"""


def test_each_section_has_its_own_text_and_code() -> None:
    found = sections(BeautifulSoup(PAGE, "html.parser"))
    assert [(one["anchor"], one["title"], one["text"], one["code"]) for one in found] == [
        ("the-page", "The page", "First words, and x².", ""),
        ("part", "Part", "Guess: 1. more 2. less Some text. A figure.", "code more"),
        ("term-batch", "batch", "Examples.", ""),
    ]
    assert {one["page"] for one in found} == {"The page"}


def test_a_page_without_an_article_has_no_sections() -> None:
    assert sections(BeautifulSoup("<h1>Title</h1>", "html.parser")) == []
    empty = '<article class="bd-article"><p>text</p></article>'
    assert sections(BeautifulSoup(empty, "html.parser")) == []
