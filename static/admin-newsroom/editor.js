// The editor of a story's body. Without it, its box for HTML works as any other.
//
// What may be written comes with the page, from the one allowlist; the library is a file of the package
// django-prose-editor, loaded by the address that the page gives. docs/body-editor.md says how to add a block.

const textarea = document.querySelector('textarea[data-editor]');
const settings = JSON.parse(textarea.dataset.editor);
const { draw, look, propose, tokenOf } = window.newsroomPictures;
const { Editor, Extension, Mark, Node, Plugin, ...library } = await import(settings.library);

// The library's own way to the text takes a frame, in which quick fingers type elsewhere.
const focused = (editor) => {
    editor.view.focus();
    return editor.chain();
};

const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
        if (value !== false && value !== null && value !== undefined) {
            element.setAttribute(name, value === true ? '' : value);
        }
    }
    element.append(...children);
    return element;
};

// What bodies hold ---------------------------------------------------------------------------------------------------

const kept = (names) => Object.fromEntries(names.map((name) => [
    name, { default: null, parseHTML: (element) => element.getAttribute(name) },
]));

// Attributes that the allowlist knows and the library does not.
const TYPES = { p: 'paragraph', blockquote: 'blockquote', td: 'tableCell', th: 'tableHeader' };
const KeptAttributes = Extension.create({
    name: 'keptAttributes',
    addGlobalAttributes: () => Object.entries(TYPES).map(([tag, type]) => ({
        types: [type],
        attributes: kept((settings.attributes[tag] || []).filter((name) => !name.endsWith('span'))),
    })),
});

// Inline elements without a button: what came in with them goes out with them.
const keptMarks = Object.entries(settings.marks).map(([tag, selector]) => Mark.create({
    name: tag,
    addAttributes: () => kept(settings.attributes[tag] || []),
    parseHTML: () => [{ tag: selector }],
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
}));

const isAllowed = (address) => {
    const scheme = /^[^/?#:]*:/.exec(address.replace(/[\x00-\x20\x7f-\xa0]+/g, ''));
    return address.trim() !== '' && (!scheme || settings.schemes.includes(scheme[0].slice(0, -1).toLowerCase()));
};

// A link has an address, or names a story and follows it wherever it goes.
const Link = Mark.create({
    name: 'link',
    priority: 1000,
    inclusive: false,
    addAttributes: () => ({
        ...kept(settings.attributes.a),
        href: { default: null, parseHTML: (a) => (a.dataset.article ? null : a.getAttribute('href')) },
    }),
    parseHTML: () => [
        { tag: 'a[data-article]' },
        { tag: 'a[href]', getAttrs: (a) => (isAllowed(a.getAttribute('href')) ? null : false) },
    ],
    renderHTML: ({ HTMLAttributes }) => ['a', HTMLAttributes, 0],
    addKeyboardShortcuts() {
        return { 'Mod-k': () => { editLink(this.editor); return true; } };
    },
});

const PullQuote = Node.create({
    name: 'pullquote',
    group: 'block',
    content: 'paragraph+',
    defining: true,
    parseHTML: () => [{ tag: 'aside.pullquote' }],
    renderHTML: () => ['aside', { class: 'pullquote' }, 0],
    // On a form, an <aside> would be one more place to jump to.
    addNodeView: () => () => {
        const dom = make('div', { class: 'pullquote' });
        return { dom, contentDOM: dom };
    },
    addKeyboardShortcuts() {
        return { 'Mod-Alt-q': () => togglePullQuote(this.editor) };
    },
});
const togglePullQuote = (editor) => (editor.isActive('pullquote')
    ? focused(editor).lift('pullquote').run()
    : focused(editor).clearNodes().wrapIn('pullquote').run());

// The place of a related story; which one it is says the row of that number under “Related links”.
const Related = Node.create({
    name: 'related',
    group: 'block',
    atom: true,
    draggable: true,
    addAttributes: () => ({
        number: {
            default: null,
            parseHTML: (aside) => aside.dataset.related,
            renderHTML: ({ number }) => ({ 'data-related': number }),
        },
    }),
    parseHTML: () => [{ tag: 'aside[data-related]', priority: 100 }],
    renderHTML: ({ HTMLAttributes }) => ['aside', HTMLAttributes],
    addNodeView: () => ({ node }) => ({
        dom: make('div', { class: 'desk-related', 'data-related': node.attrs.number },
            make('span', { class: 'desk-related-label' }, 'Related'),
            make('span', { class: 'desk-related-headline' }, rows.headline(node.attrs.number))),
    }),
});

// A figure that stands for something: its one attribute says for what, and its text is the caption that it has here.
const captioned = (name, attribute, show) => Node.create({
    name,
    group: 'block',
    content: 'inline*',
    isolating: true,
    defining: true,
    draggable: true,
    addAttributes: () => ({
        of: {
            default: null,
            parseHTML: (figure) => figure.getAttribute(attribute),
            renderHTML: ({ of }) => ({ [attribute]: of }),
        },
    }),
    parseHTML: () => [{
        tag: `figure[${attribute}]`,
        priority: 100,
        contentElement: (figure) => figure.querySelector('figcaption') || make('figcaption'),
    }],
    renderHTML: ({ node, HTMLAttributes }) => (
        node.content.size ? ['figure', HTMLAttributes, ['figcaption', 0]] : ['figure', HTMLAttributes]
    ),
    addNodeView: () => ({ node }) => {
        const { shown, hint, credit } = show(node.attrs.of);
        const caption = make('figcaption', { 'data-hint': hint });
        shown.contentEditable = 'false';
        const update = (next) => {
            caption.classList.toggle('is-empty', next.content.size === 0);
            return next.type === node.type && next.attrs.of === node.attrs.of;
        };
        update(node);
        const below = credit ? [make('p', { class: 'desk-credit', contenteditable: 'false' }, credit)] : [];
        return { dom: make('figure', { class: `desk-${name}` }, shown, caption, ...below), contentDOM: caption, update };
    },
    addKeyboardShortcuts() {
        return {
            // Otherwise a caption is split into two figures.
            Enter: ({ editor }) => {
                const { $from } = editor.state.selection;
                if ($from.parent.type.name !== name) {
                    return false;
                }
                const after = $from.after();
                return editor.chain().insertContentAt(after, { type: 'paragraph' }).setTextSelection(after + 1).run();
            },
        };
    },
});

// A picture of the library; without a caption here, its own is shown.
const Picture = captioned('picture', 'data-image', (uid) => {
    const picture = settings.known.pictures[uid];
    return {
        shown: picture
            ? make('img', { src: picture.src, alt: picture.alt, draggable: 'false' })
            : make('p', { class: 'desk-missing' }, 'This picture is no longer in the library.'),
        hint: picture?.caption || 'Caption',
        credit: picture?.credit,
    };
});

// Something of a provider. Nothing of it is shown here: not even an editor is told on without asking.
const Embed = captioned('embed', 'data-embed', (stored) => {
    const [, key, identifier] = /^([a-z]+):(.*)$/.exec(stored) || [];
    const provider = settings.embeds.find((each) => each.key === key);
    return {
        shown: make('div', { class: 'desk-embed-what' },
            make('span', { class: 'desk-related-label' }, provider ? `${provider.name} ${provider.kind}` : 'Embed'),
            make('span', { class: 'desk-embed-address' }, provider ? provider.original.replace('{id}', identifier) : 'Its provider is not known here.')),
        hint: 'Caption',
    };
});

// What is stored for an address that some provider knows.
function embedAt(address) {
    const bare = address.trim().replace(/^https?:\/\/(www\.)?/i, '');
    if (bare !== address.trim()) {
        for (const { key, addresses } of settings.embeds) {
            for (const pattern of addresses) {
                const found = new RegExp(`^(?:${pattern})$`).exec(bare);
                if (found) {
                    return `${key}:${found[1]}`;
                }
            }
        }
    }
    return null;
}

// Nothing in it runs, and nothing is loaded.
function inert(html) {
    const page = make('template');
    page.innerHTML = html;
    return page.content;
}

// The words of an element, with the inline elements around them that the allowlist knows.
const inlineIn = (element) => [...element.childNodes].flatMap((node) => {
    if (!node.localName) {
        return node.data && node.nodeType === node.TEXT_NODE ? [node.data] : [];
    }
    const tag = settings.synonyms[node.localName] || node.localName;
    const names = (settings.attributes[tag] || []).filter((name) => name !== 'href' || isAllowed(node.getAttribute('href') || ''));
    const attributes = Object.fromEntries(names.map((name) => [name, node.getAttribute(name)]));
    const isMeant = tag === 'a' ? attributes.href || attributes['data-article'] : node.matches(settings.marks[tag] || '*');
    const isKept = settings.inline.includes(tag) && isMeant;
    return isKept ? [make(tag, attributes, ...inlineIn(node))] : inlineIn(node);
});

// A footnote stands behind the word to which it belongs. Style sheets number it; pages list it below the text.
const Footnote = Node.create({
    name: 'footnote',
    group: 'inline',
    inline: true,
    atom: true,
    draggable: true,
    // Not as content: marks that are laid over the words around it would be laid over its own.
    addAttributes: () => ({ html: { default: '', rendered: false } }),
    parseHTML: () => [{ tag: 'small[data-footnote]', getAttrs: (small) => ({ html: make('p', {}, ...inlineIn(small)).innerHTML }) }],
    renderHTML: ({ node }) => ({ dom: make('small', { 'data-footnote': '' }, inert(node.attrs.html)) }),
    renderText: () => '',
    addNodeView: () => ({ node }) => {
        const words = inert(node.attrs.html).textContent;
        return { dom: make('span', { class: 'desk-note', role: 'img', title: words, 'aria-label': `Note: ${words}` }) };
    },
    addKeyboardShortcuts() {
        return {
            'Mod-Alt-f': () => { editNote(this.editor); return true; },
            Enter: () => (noteIn(this.editor) ? (editNote(this.editor), true) : false),
        };
    },
    addProseMirrorPlugins() {
        const open = (view, position, node, at) => {
            if (node.type.name !== 'footnote') {
                return false;
            }
            this.editor.commands.setNodeSelection(at);
            editNote(this.editor);
            return true;
        };
        return [new Plugin({ props: { handleClickOn: open, handleDoubleClickOn: open } })];
    },
});
const noteIn = (editor) => (editor.state.selection.node?.type.name === 'footnote' ? editor.state.selection.node : null);

// Figures of other things than pictures, as imported texts may have them.
const Figure = Node.create({
    name: 'figure',
    group: 'block',
    content: '(block | caption)+',
    defining: true,
    parseHTML: () => [{ tag: 'figure' }],
    renderHTML: () => ['figure', 0],
});
const Caption = Node.create({
    name: 'caption',
    content: 'inline*',
    parseHTML: () => [{ tag: 'figcaption' }],
    renderHTML: () => ['figcaption', 0],
});

const withoutLayout = {
    addAttributes() {
        const { colspan, rowspan, colwidth } = this.parent();
        return { colspan, rowspan, colwidth: { ...colwidth, rendered: false } };
    },
};

const extensions = [
    library.Document, library.Paragraph, library.Text, library.HardBreak, library.HorizontalRule,
    library.Heading.configure({ levels: [2, 3, 4] }), library.Blockquote,
    library.CodeBlock.configure({ languageClassPrefix: null }),
    library.BulletList, library.ListItem,
    library.OrderedList.extend({ addAttributes: () => ({}), addNodeView: () => null }),
    library.Table.configure({ resizable: false }), library.TableRow,
    library.TableCell.extend(withoutLayout), library.TableHeader.extend(withoutLayout),
    library.Bold, library.Italic, library.Strike, library.Subscript, library.Superscript,
    library.Code.extend({ excludes: '' }),
    library.UndoRedo, library.Dropcursor, library.Gapcursor, library.TrailingNode,
    Link, PullQuote, Related, Picture, Embed, Footnote, Figure, Caption, KeptAttributes, ...keptMarks,
];

// A note is one line of text.
const extensionsOfNotes = [
    library.Paragraph, library.Text, library.HardBreak, library.Bold, library.Italic, library.Strike, library.Subscript,
    library.Superscript, library.Code.extend({ excludes: '' }), library.UndoRedo, Link, ...keptMarks,
];

// Between the editor and the box ---------------------------------------------------------------------------------------

// Elements that hold one paragraph and perhaps a list need no <p>; headings of a table stand in its head; a note is
// no part of a link.
function writtenIn(editor) {
    const page = inert(editor.getHTML());
    const all = (selector) => page.querySelectorAll(selector);
    [...all('a small')].reverse().forEach((note) => note.closest('a').after(note));
    all('p').forEach((p) => p.childNodes.length || p.closest('li, td, th') || p.remove());
    all('blockquote:empty, aside.pullquote:empty').forEach((element) => element.remove());
    all('li, td, th, aside.pullquote').forEach((holder) => {
        const [first, ...others] = holder.children;
        if (first?.localName === 'p' && !first.attributes.length && others.every((each) => each.matches('ul, ol'))) {
            first.replaceWith(...first.childNodes);
        }
    });
    all('table').forEach((table) => {
        const lines = [...table.rows];
        const end = lines.findIndex((line) => [...line.cells].some((cell) => cell.localName === 'td'));
        if (end > 0) {
            const head = make('thead', {}, ...lines.slice(0, end));
            table.prepend(head);
        }
    });
    return [...page.children].map((each) => each.outerHTML).join('\n').replaceAll('&nbsp;', '\u00a0');
}

const WORD = /[\p{L}\p{N}]/u;
const IDEOGRAPH = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]/gu;

function wordsIn(text) {
    const ideographs = text.match(IDEOGRAPH)?.length || 0;
    return ideographs + text.replace(IDEOGRAPH, ' ').split(/[\s—]+/).filter((word) => WORD.test(word)).length;
}

// Pasting ------------------------------------------------------------------------------------------------------------

// Word and Google Docs say in styles what HTML says in elements.
const STYLED = [
    ['strong', /(?<!-)\bfont-weight:\s*(bold|[6-9]00)/i],
    ['em', /(?<!-)\bfont-style:\s*italic/i],
    ['s', /(?<!-)\btext-decoration[^;]*line-through/i],
    ['sub', /(?<!-)\bvertical-align:\s*sub/i],
    ['sup', /(?<!-)\bvertical-align:\s*super/i],
];

function cleanPaste(html) {
    // Parsed as it is, each style would be one more complaint of the content security policy.
    const unstyled = html.replace(/<style\b[^]*?<\/style>/gi, '').replace(/(<[^<>]*?)\sstyle=/gi, '$1 data-style=');
    const page = new DOMParser().parseFromString(unstyled, 'text/html');
    const all = (selector) => page.body.querySelectorAll(selector);
    all(settings.discarded.join()).forEach((element) => element.remove());
    makeNotes(page);
    const pictures = all('img');
    makeLists(page);
    all('span[data-style], b[data-style], i[data-style]').forEach((element) => {
        const style = element.dataset.style;
        // Google Docs wraps all that it copies in a <b> that says it is not bold.
        const tag = /(?<!-)\bfont-weight:\s*normal/i.test(style) ? 'span' : settings.synonyms[element.localName] || element.localName;
        const tags = STYLED.filter(([name, pattern]) => name !== tag && pattern.test(style)).map(([name]) => name);
        if (/mso-spacerun/i.test(style)) {
            element.textContent = ' ';
        }
        const inside = [tag, ...tags].filter((name) => name !== 'span')
            .reduce((nodes, name) => [make(name, {}, ...nodes)], [...element.childNodes]);
        element.replaceWith(...inside);
    });
    Object.entries(settings.synonyms).forEach(([other, tag]) => all(other).forEach((element) => {
        element.replaceWith(make(tag, {}, ...element.childNodes));
    }));
    all('a[href^="https://www.google.com/url?"]').forEach((a) => {
        a.setAttribute('href', new URL(a.href).searchParams.get('q') || a.href);
    });
    // Blank lines are made of no-break spaces there, and of breaks between paragraphs.
    all('p').forEach((p) => p.textContent.trim() || p.remove());
    all('p + br, br:has(+ p)').forEach((br) => br.remove());
    all('[data-style]').forEach((element) => element.removeAttribute('data-style'));
    all('[dir=ltr]').forEach((element) => element.removeAttribute('dir'));
    const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        texts.currentNode.data = texts.currentNode.data.replace(/\u00a0+(?= )|(?<= )\u00a0+|\u00a0{2,}/g, ' ').replace(/ {2,}/g, ' ');
    }
    return { html: page.body.innerHTML, pictures: [...pictures] };
}

// A footnote of Word, Google Docs or LibreOffice is a pair of links that lead to one another: one in the text, one
// before the words of the note.
function makeNotes(page) {
    const ends = new Map();
    for (const link of page.querySelectorAll('a[href^="#"]')) {
        ends.set(link.name || link.id, link);
    }
    for (const link of [...ends.values()]) {
        const there = ends.get(link.hash.slice(1));
        const holder = ['div[id], li', 'p'].map((each) => there?.closest(each)).find((each) => each && !each.contains(link));
        const isPair = there?.hash.slice(1) === (link.name || link.id);
        const isFirst = isPair && link.compareDocumentPosition(there) & globalThis.Node.DOCUMENT_POSITION_FOLLOWING;
        if (isFirst && holder) {
            (there.parentElement.matches('sup') ? there.parentElement : there).remove();
            const lines = [...holder.querySelectorAll('p')];
            const words = (lines.length ? lines : [holder]).flatMap((line, at) => [...(at ? [' '] : []), ...line.childNodes]);
            const note = make('small', { 'data-footnote': '' }, ...words);
            const first = page.createTreeWalker(note, NodeFilter.SHOW_TEXT).nextNode();
            if (first) {
                first.data = first.data.trimStart();
            }
            (link.closest('sup') || link).replaceWith(note);
            holder.remove();
        } else if (!isPair) {
            // The other end was not copied.
            link.replaceWith(...link.childNodes);
        }
    }
    page.querySelectorAll('[data-style*="note-list"] > :is(br, hr)').forEach((element) => element.remove());
}

// Word's lists are paragraphs with a bullet in front.
function makeLists(page) {
    let open = [];
    for (const p of page.querySelectorAll('p')) {
        const [, level] = /mso-list:[^;]*level(\d)/i.exec(p.dataset.style || '') || [];
        if (!level) {
            open = [];
            continue;
        }
        const sign = [...p.querySelectorAll('span')].find((span) => /mso-list:\s*Ignore/i.test(span.dataset.style || ''));
        const tag = /^\(?(\d+|[a-z]{1,3})[.)]/i.test(sign?.textContent.trim() || '') ? 'ol' : 'ul';
        sign?.remove();
        const item = make('li', {}, ...p.childNodes);
        open = open.slice(0, level);
        if (open.length && open[0].nextElementSibling !== p) {
            open = [];
        }
        const list = open.at(-1);
        if (list && open.length >= level && list.localName === tag) {
            list.append(item);
        } else {
            const made = make(tag, {}, item);
            const above = open[Math.min(open.length, level - 1) - 1];
            if (above) {
                above.lastElementChild.append(made);
            } else {
                p.before(made);
            }
            open = above ? [...open.slice(0, level - 1), made] : [made];
        }
        p.remove();
    }
}

const fileOf = (image) => {
    const [, type, content] = /^data:(image\/[a-z+.-]+);base64,(.*)$/is.exec(image.getAttribute('src') || '') || [];
    try {
        return type && new File([Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))], 'pasted picture', { type });
    } catch {
        return undefined;
    }
};

// Pictures in pasted text never get into it: those that came along whole go into the library.
function settlePictures(editor, images) {
    const files = images.map(fileOf).filter(Boolean);
    const lost = images.length - files.length;
    if (lost) {
        say(`${lost === 1 ? 'A picture' : `${lost} pictures`} stayed behind: that program does not hand over its files. Drop the files onto the text.`);
    }
    if (files.length) {
        takeIn(editor, files, editor.state.selection.to);
    }
}

const Pasting = Extension.create({
    name: 'pasting',
    addProseMirrorPlugins() {
        const { editor } = this;
        let waiting;
        return [new Plugin({
            props: {
                transformPastedHTML: (html) => {
                    const { html: cleaned, pictures } = cleanPaste(html);
                    clearTimeout(waiting);
                    waiting = pictures.length ? setTimeout(settlePictures, 0, editor, pictures) : undefined;
                    return cleaned;
                },
                handlePaste: (view, event, slice) => {
                    const files = [...(event.clipboardData?.files || [])];
                    const text = event.clipboardData?.getData('text/plain').trim() || '';
                    // Word and its like put a picture of the words beside them.
                    if (files.length && !text && !slice.content.textBetween(0, slice.content.size).trim()) {
                        clearTimeout(waiting);
                        takeIn(editor, files, editor.state.selection.to);
                        return true;
                    }
                    if (!/^https?:\/\/\S+$/i.test(text)) {
                        return false;
                    }
                    // An address pasted over words makes them a link; one of a provider on an empty line, an embed.
                    const { empty, $from } = view.state.selection;
                    if (!empty) {
                        return editor.chain().setMark('link', { href: text }).run();
                    }
                    const embed = isEmptyLine($from) && embedAt(text);
                    return embed ? addBlock(editor, $from.pos, { type: 'embed', attrs: { of: embed } }) : false;
                },
                handleDrop: (view, event, slice, isMoved) => {
                    const files = [...(event.dataTransfer?.files || [])];
                    if (isMoved || !files.length) {
                        return false;
                    }
                    clearTimeout(waiting);
                    takeIn(editor, files, placeAt(view, event));
                    return true;
                },
            },
        })];
    },
});

// Before the block under the pointer where that is in its upper half, after it otherwise.
function placeAt(view, { clientX, clientY }) {
    const found = view.posAtCoords({ left: clientX, top: clientY });
    if (!found) {
        return view.state.doc.content.size;
    }
    const $place = view.state.doc.resolve(found.pos);
    if (!$place.depth || isEmptyLine($place)) {
        return found.pos;
    }
    const { top, height } = view.nodeDOM($place.before(1)).getBoundingClientRect();
    return clientY < top + height / 2 ? $place.before(1) : $place.after(1);
}

const isEmptyLine = ($place) => $place.depth === 1 && $place.parent.type.name === 'paragraph' && !$place.parent.content.size;

// Rows of related links ----------------------------------------------------------------------------------------------

const rows = {
    field: (row, name) => row.querySelector(`[name$="-${name}"]`),

    all: () => [...document.querySelectorAll('#related_links-group .form-row:not(.empty-form)')]
        .filter((row) => rows.field(row, 'marker')),

    headline: (number) => {
        const row = rows.all().find((each) => rows.field(each, 'marker').value === String(number));
        return row ? rows.field(row, 'headline').value : `Story ${number}`;
    },

    canAdd: () => document.getElementById('related_links-empty') !== null,

    // Returns the number of the new row's marker.
    add: ({ id, headline }) => {
        const numbers = rows.all().map((row) => Number(rows.field(row, 'marker').value));
        const placed = [...textarea.value.matchAll(/data-related="(\d+)"/g)].map((found) => Number(found[1]));
        const number = Math.max(0, ...numbers, ...placed) + 1;
        const position = rows.all().length;
        document.querySelector('#related_links-group .add-row a').click();
        const row = rows.all().at(-1);
        rows.field(row, 'headline').value = headline;
        rows.field(row, 'marker').value = number;
        rows.field(row, 'position').value = position;
        if (id) {
            const target = rows.field(row, 'target');
            target.append(new Option(headline, id, true, true));
            target.dispatchEvent(new Event('change', { bubbles: true }));
        }
        return number;
    },
};

// Dialogs ------------------------------------------------------------------------------------------------------------

// A dialog that is gone once it is answered. `build(finish)` makes what it holds; Esc answers null.
let dialogs = 0;
function ask(title, build, opened = () => {}) {
    const id = `desk-dialog-${++dialogs}`;
    const dialog = make('dialog', { class: 'desk-dialog', 'aria-labelledby': id }, make('h2', { id }, title));
    document.body.append(dialog);
    return new Promise((resolve) => {
        // At once, and not when the browser tells of it: the next key belongs to the text again.
        const finish = (value) => { dialog.close(); dialog.remove(); resolve(value); };
        dialog.append(...build(finish));
        // A chooser of files that was left says the same, from within.
        dialog.addEventListener('cancel', (event) => event.target === dialog && finish(null));
        dialog.showModal();
        opened();
    });
}

const makeButton = (words, act, kind = 'desk-cancel') => {
    const button = make('button', { type: 'button', class: kind }, words);
    button.addEventListener('click', act);
    return button;
};

const makeField = (tag, id, words, attributes = {}) => {
    const field = make(tag, { id, name: id.replace('desk-picture-', ''), ...attributes });
    const told = make('p', { class: 'desk-error', id: `${id}-error` });
    field.setAttribute('aria-describedby', told.id);
    return { field, told, all: [make('label', { for: id }, words), field, told] };
};

// Asks for one of what the address finds. Resolves to what was chosen, or to null.
// `other(words)` may offer something that needs no search, as {text, value}; `more(finish)` makes further parts.
function choose({ title, label, address, draw, other = () => null, more = () => [] }) {
    return ask(title, (finish) => {
        const box = make('input', { type: 'search', id: 'desk-choose', autocomplete: 'off' });
        const found = make('ul', { class: 'desk-choices' });
        const told = make('p', { class: 'desk-told', role: 'status' });
        let asked = 0;
        let waiting;
        const button = (value, ...children) => {
            const made = make('button', { type: 'button' }, ...children);
            made.addEventListener('click', () => finish(value));
            return make('li', {}, made);
        };
        const search = async () => {
            const mine = ++asked;
            const words = box.value.trim();
            const answer = await fetch(`${address}?${new URLSearchParams({ term: words })}`, { headers: { Accept: 'application/json' } });
            const results = answer.ok ? (await answer.json()).results : [];
            if (mine !== asked) {
                return;
            }
            const offered = other(words);
            found.replaceChildren(
                ...(offered ? [button(offered.value, offered.text)] : []),
                ...results.map((each) => button(each, ...draw(each))),
            );
            const number = results.length;
            told.textContent = answer.ok ? (number ? `${number} found` : 'None found') : 'You may not look here, or the site does not answer.';
        };
        box.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(search, 150); });
        box.addEventListener('keydown', (event) => {
            if (event.key === 'Enter') {
                event.preventDefault();
                clearTimeout(waiting);
                search().then(() => found.querySelector('button')?.focus());
            } else if (event.key === 'ArrowDown') {
                event.preventDefault();
                found.querySelector('button')?.focus();
            }
        });
        search();
        return [make('label', { for: 'desk-choose' }, label), box, ...more(finish), told, found, makeButton('Cancel', () => finish(null))];
    });
}

const drawStory = ({ headline, note }) => [make('strong', {}, headline), make('small', {}, note)];

const asAddress = (words) => {
    if (/^\S+@[\w.-]+\.\w+$/.test(words)) {
        return `mailto:${words}`;
    }
    if (/^[\w-]+(\.[\w-]+)+(\/\S*)?$/.test(words)) {
        return `https://${words}`;
    }
    return /^([a-z][a-z0-9+.-]*:|\/|#)\S*$/i.test(words) && isAllowed(words) ? words : null;
};

async function editLink(editor) {
    const attributes = editor.getAttributes('link');
    if (editor.isActive('link') && editor.state.selection.empty) {
        editor.commands.extendMarkRange('link');
    }
    const { from, to, empty } = editor.state.selection;
    const title = make('input', { type: 'text', id: 'desk-link-title', value: attributes.title || '' });
    const where = attributes.href || settings.known.stories[attributes['data-article']];
    const chosen = await choose({
        title: 'Link',
        label: 'Words of a headline, or an address',
        address: settings.stories,
        draw: drawStory,
        other: (words) => asAddress(words) && { value: { href: asAddress(words) }, text: `Link to ${asAddress(words)}` },
        more: (finish) => [
            ...(where ? [make('p', { class: 'desk-now' }, `Now: ${where}`)] : []),
            make('label', { for: 'desk-link-title' }, 'Title, shown when the pointer rests on it (may be empty)'), title,
            ...(editor.isActive('link') ? [makeButton('Remove the link', () => finish({ isRemoved: true }))] : []),
        ],
    });
    if (!chosen) {
        editor.view.focus();
        return;
    }
    if (chosen.isRemoved) {
        focused(editor).setTextSelection({ from, to }).unsetMark('link').run();
        return;
    }
    const to_ = chosen.uid ? { 'data-article': chosen.uid, href: null } : { href: chosen.href, 'data-article': null };
    const link = { ...to_, title: title.value.trim() || null };
    if (chosen.uid) {
        settings.known.stories[chosen.uid] = chosen.headline;
    }
    const chain = focused(editor).setTextSelection({ from, to });
    if (empty) {
        chain.insertContent({ type: 'text', text: chosen.headline || chosen.href, marks: [{ type: 'link', attrs: link }] }).run();
    } else {
        chain.setMark('link', link).run();
    }
}

async function addPicture(editor) {
    const { to } = editor.state.selection;
    const chosen = await choose({
        title: 'Picture',
        label: 'Words of its description, caption or credit',
        address: settings.pictures,
        draw: ({ src, alt, credit }) => [
            make('img', { src, alt: '', loading: 'lazy' }),
            make('strong', {}, alt || 'Decorative picture'), make('small', {}, credit),
        ],
        more: (finish) => {
            const chooser = make('input', { type: 'file', multiple: true, accept: 'image/jpeg,image/png,image/webp,image/gif', hidden: true });
            chooser.addEventListener('change', () => finish({ files: [...chooser.files] }));
            return settings.upload ? [chooser, makeButton('Upload', () => chooser.click())] : [];
        },
    });
    if (chosen?.files) {
        takeIn(editor, chosen.files, to);
    } else if (chosen) {
        settings.known.pictures[chosen.uid] = chosen;
        addBlock(editor, to, { type: 'picture', attrs: { of: chosen.uid } });
    } else {
        editor.view.focus();
    }
}

// Files become pictures of the library, one after another, and stand in the text from this place on.
async function takeIn(editor, files, place) {
    if (!settings.upload) {
        say('You may not add pictures to the library. Ask somebody who may, or choose one that is there.');
        return;
    }
    for (const [at, file] of files.entries()) {
        if (file.size > settings.largest) {
            say(`“${file.name}” is larger than ${settings.largest / 1e6} MB.`);
            continue;
        }
        const kept = await ofLibrary(file) || await describe(file, files.length > 1 ? `Picture ${at + 1} of ${files.length}` : 'Picture');
        if (kept) {
            const { picture, caption } = kept;
            settings.known.pictures[picture.uid] = picture;
            const content = caption ? [{ type: 'text', text: caption }] : undefined;
            addBlock(editor, place, { type: 'picture', attrs: { of: picture.uid }, content });
            place = editor.state.selection.to;
        }
    }
    editor.view.focus();
}

// The library knows files by their digest, which browsers compute only where the connection is safe.
async function ofLibrary(file) {
    try {
        const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
        const hexadecimal = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
        const answer = await fetch(`${settings.upload}?${new URLSearchParams({ digest: hexadecimal })}`);
        const { picture } = await answer.json();
        if (picture) {
            say('The library has this picture already, and its words are used.');
        }
        return picture && { picture };
    } catch {
        return null;
    }
}

// Asks for what the library demands of a picture, and sends it. Whatever goes wrong, what was typed stays.
function describe(file, title) {
    return ask(title, (finish) => {
        const rows = {
            alt_text: makeField('textarea', 'desk-picture-alt_text', 'What it shows, for readers who do not see it', { rows: 2, maxlength: 400 }),
            decorative: makeField('input', 'desk-picture-decorative', 'Decorative: it says nothing that the text does not', { type: 'checkbox' }),
            caption: makeField('textarea', 'desk-picture-caption', 'Caption', { rows: 2, maxlength: 500 }),
            credit: makeField('input', 'desk-picture-credit', 'Credit', { type: 'text', maxlength: 160 }),
        };
        const [alt, decorative, caption, credit] = Object.values(rows).map(({ field }) => field);
        // Not asked for here, and kept where the file says them.
        const unasked = Object.fromEntries(['taken_on', 'rights_note'].map((name) => [name, make('input', { type: 'hidden', name })]));
        const told = make('p', { class: 'desk-error', role: 'alert' });
        const keep = make('button', { type: 'submit', class: 'desk-keep' }, 'Put it into the text');
        const place = make('div', { class: 'desk-preview' });
        const form = make('form', { novalidate: true }, place, told,
            ...rows.alt_text.all, make('div', { class: 'desk-check' }, decorative, ...rows.decorative.all.filter((each) => each !== decorative)),
            ...rows.caption.all, ...rows.credit.all, ...Object.values(unasked), keep, makeButton('Leave it out', () => finish(null)));

        const tell = (errors) => {
            for (const [name, { field, told: line }] of Object.entries(rows)) {
                line.textContent = (errors[name] || []).join(' ');
                field.setAttribute('aria-invalid', String(name in errors));
            }
            told.textContent = [...(errors.file || []), ...(errors.__all__ || [])].join(' ');
            Object.values(rows).find(({ field }) => field.getAttribute('aria-invalid') === 'true')?.field.focus();
        };
        decorative.addEventListener('change', () => { alt.disabled = decorative.checked; });
        form.addEventListener('submit', async (event) => {
            event.preventDefault();
            if (keep.getAttribute('aria-disabled') === 'true') {
                return;
            }
            const answers = new FormData(form);
            answers.append('file', file, file.name);
            // What is empty was left empty on purpose.
            answers.append('read_in', '1');
            answers.append('csrfmiddlewaretoken', tokenOf(textarea.form));
            tell({});
            keep.setAttribute('aria-disabled', 'true');
            told.textContent = 'Sending …';
            let answer;
            try {
                const sent = await fetch(settings.upload, { method: 'POST', body: answers });
                answer = sent.status === 413 ? { errors: { file: ['The server takes no file of this size.'] } } : await sent.json();
            } catch {
                answer = { errors: { file: ['The server did not answer. Is the network there, and are you still signed in? Then try again.'] } };
            }
            keep.removeAttribute('aria-disabled');
            if (answer.picture) {
                // The library had the file, with other words: these are the story's own.
                const words = caption.value.trim();
                finish({ picture: answer.picture, caption: words === answer.picture.caption ? '' : words });
            } else {
                tell(answer.errors);
            }
        });
        look(settings.look, textarea.form, file).then(async ({ proposed, refused }) => {
            propose(proposed, (name) => rows[name]?.field || unasked[name]);
            if (refused) {
                told.textContent = refused;
                keep.setAttribute('aria-disabled', 'true');
                return;
            }
            // What the server refuses may be made to fill the browser's memory.
            const canvas = await draw(file, 480);
            if (canvas) {
                place.replaceChildren(canvas);
            }
        });
        return [form];
    });
}

async function addEmbed(editor) {
    const { to } = editor.state.selection;
    const names = settings.embeds.map(({ name }) => name).join(', ');
    const found = await ask('Embed', (finish) => {
        const { field, told, all } = makeField('input', 'desk-embed', `Its address: ${names}`, { type: 'url', autocomplete: 'off' });
        told.setAttribute('role', 'alert');
        const form = make('form', { novalidate: true }, ...all,
            make('button', { type: 'submit', class: 'desk-keep' }, 'Put it into the text'), makeButton('Cancel', () => finish(null)));
        form.addEventListener('submit', (event) => {
            event.preventDefault();
            const embed = embedAt(asAddress(field.value.trim()) || '');
            if (embed) {
                finish(embed);
            } else {
                told.textContent = 'This address leads to nothing that can be shown here. A link can lead anywhere.';
                field.setAttribute('aria-invalid', 'true');
            }
        });
        return [form];
    });
    if (found) {
        addBlock(editor, to, { type: 'embed', attrs: { of: found } });
    } else {
        editor.view.focus();
    }
}

// The selected note, or a new one at the cursor.
async function editNote(editor) {
    const { $to, from, to } = editor.state.selection;
    const note = noteIn(editor);
    if (!note && !$to.parent.type.contentMatch.matchType(editor.schema.nodes.footnote)) {
        say('A note cannot stand here. Put the cursor behind the word to which it belongs.');
        return;
    }
    let inner;
    const html = await ask('Note', (finish) => {
        const holder = make('div', { class: 'desk-note-text' });
        const keep = () => finish(inert(inner.getHTML()).firstElementChild.innerHTML);
        inner = new Editor({
            element: holder,
            injectCSS: false,
            extensions: [library.Document.extend({ content: 'paragraph' }), ...extensionsOfNotes],
            content: `<p>${note?.attrs.html || ''}</p>`,
            editorProps: {
                attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': 'Text of the note', 'aria-describedby': 'desk-note-keys' },
                handleKeyDown: (_, event) => {
                    const act = event.shiftKey ? undefined : { Enter: keep, Escape: () => finish(null) }[event.key];
                    act?.();
                    return Boolean(act);
                },
            },
        });
        return [
            holder, make('p', { class: 'desk-told', id: 'desk-note-keys' }, `Enter keeps it. ${MOD}B, ${MOD}I and ${MOD}K work here.`),
            makeButton('Keep the note', keep, 'desk-keep'), ...(note ? [makeButton('Remove the note', () => finish(''))] : []),
            makeButton('Cancel', () => finish(null)),
        ];
    }, () => focused(inner).setTextSelection(inner.state.doc.content.size - 1).run());
    inner.destroy();
    const chain = focused(editor);
    if (html) {
        const made = { type: 'footnote', attrs: { html }, marks: note?.marks.map((mark) => mark.toJSON()) };
        chain.insertContentAt(note ? { from, to } : to, made).run();
        editor.commands.setTextSelection((note ? from : to) + 1);
    } else if (html === '' && note) {
        chain.deleteRange({ from, to }).run();
    } else {
        // Behind it: typing on must not overwrite it.
        chain.setTextSelection(to).run();
    }
}

async function addRelated(editor) {
    const { to } = editor.state.selection;
    const chosen = await choose({
        title: 'Related story',
        label: 'Words of its headline',
        address: settings.stories,
        draw: drawStory,
        other: (words) => words && { value: { headline: words }, text: `Wait for a story called “${words}”` },
    });
    if (chosen) {
        addBlock(editor, to, { type: 'related', attrs: { number: rows.add(chosen) } });
    } else {
        editor.view.focus();
    }
}

// After the block in which the cursor stands, or in place of an empty paragraph. The cursor goes to the caption, or
// to the paragraph after: typing on must not overwrite what was just chosen.
function addBlock(editor, position, block) {
    const { doc } = editor.state;
    const $place = doc.resolve(position);
    const isEmpty = isEmptyLine($place);
    const to = $place.depth ? $place.after(1) : position;
    const from = isEmpty ? $place.before(1) : to;
    const hasText = block.type !== 'related';
    const isFollowed = doc.nodeAt(to)?.type.name === 'paragraph';
    const content = hasText || isFollowed ? [block] : [block, { type: 'paragraph' }];
    return focused(editor).insertContentAt({ from, to }, content).setTextSelection(from + (hasText ? 1 : 2)).run();
}

// Buttons ------------------------------------------------------------------------------------------------------------

const run = (build) => (editor) => build(focused(editor)).run();
const MOD = /Mac|iP/.test(navigator.platform) ? '⌘' : 'Ctrl+';
const inTable = (editor) => editor.isActive('table');

const GROUPS = [
    ['Text', [
        { sign: 'B', name: 'Bold', keys: `${MOD}B`, command: run((c) => c.toggleBold()), mark: 'bold' },
        { sign: 'I', name: 'Italic', keys: `${MOD}I`, command: run((c) => c.toggleItalic()), mark: 'italic' },
        { sign: 'S', name: 'Struck out', keys: `${MOD}Shift+S`, command: run((c) => c.toggleStrike()), mark: 'strike' },
        { sign: 'x₂', name: 'Subscript', keys: `${MOD},`, command: run((c) => c.toggleSubscript()), mark: 'subscript' },
        { sign: 'x²', name: 'Superscript', keys: `${MOD}.`, command: run((c) => c.toggleSuperscript()), mark: 'superscript' },
        { sign: '‹›', name: 'Code', keys: `${MOD}E`, command: run((c) => c.toggleCode()), mark: 'code' },
        { sign: 'Link', name: 'Link', keys: `${MOD}K`, command: editLink, mark: 'link' },
    ]],
    ['Paragraphs', [
        ...[2, 3, 4].map((level) => ({
            sign: `H${level}`, name: ['', '', 'Heading', 'Subheading', 'Minor heading'][level], keys: `${MOD}Alt+${level}`,
            command: run((c) => c.toggleHeading({ level })), active: (editor) => editor.isActive('heading', { level }),
        })),
        { sign: '•', name: 'Bulleted list', keys: `${MOD}Shift+8`, command: run((c) => c.toggleBulletList()), mark: 'bulletList' },
        { sign: '1.', name: 'Numbered list', keys: `${MOD}Shift+7`, command: run((c) => c.toggleOrderedList()), mark: 'orderedList' },
        { sign: '“ ”', name: 'Quotation', keys: `${MOD}Shift+B`, command: run((c) => c.toggleBlockquote()), mark: 'blockquote' },
        { sign: 'Pull quote', name: 'Pull quote', keys: `${MOD}Alt+Q`, command: togglePullQuote, mark: 'pullquote' },
    ]],
    ['Insert', [
        { sign: 'Picture', name: 'Picture', command: addPicture },
        { sign: 'Embed', name: 'Embed', command: addEmbed },
        { sign: 'Note', name: 'Footnote', keys: `${MOD}Alt+F`, command: editNote, mark: 'footnote' },
        { sign: 'Related', name: 'Related story', command: addRelated, hidden: () => !rows.canAdd() },
        { sign: 'Table', name: 'Table', command: run((c) => c.insertTable({ rows: 3, cols: 3, withHeaderRow: true })), hidden: inTable },
        { sign: '⁂', name: 'Break', command: run((c) => c.setHorizontalRule()) },
    ]],
    ['Table', [
        { sign: '+ row', name: 'Add a row below', command: run((c) => c.addRowAfter()) },
        { sign: '− row', name: 'Delete the row', command: run((c) => c.deleteRow()) },
        { sign: '+ column', name: 'Add a column after', command: run((c) => c.addColumnAfter()) },
        { sign: '− column', name: 'Delete the column', command: run((c) => c.deleteColumn()) },
        { sign: 'Head', name: 'Heading cell', command: run((c) => c.toggleHeaderCell()), mark: 'tableHeader' },
        { sign: '− table', name: 'Delete the table', command: run((c) => c.deleteTable()) },
    ].map((item) => ({ ...item, hidden: (editor) => !inTable(editor) }))],
    ['History', [
        { sign: '↶', name: 'Undo', keys: `${MOD}Z`, command: run((c) => c.undo()), disabled: (editor) => !editor.can().undo() },
        { sign: '↷', name: 'Redo', keys: `${MOD}Shift+Z`, command: run((c) => c.redo()), disabled: (editor) => !editor.can().redo() },
    ]],
];

// One stop for the Tab key; arrows move within it.
function makeToolbar(editor) {
    const bar = make('div', { class: 'desk-toolbar', role: 'toolbar', 'aria-label': 'Formatting', 'aria-controls': 'desk-prose' });
    const items = [];
    for (const [label, group] of GROUPS) {
        const box = make('div', { role: 'group', 'aria-label': label });
        for (const item of group) {
            const button = make('button', {
                type: 'button', tabindex: '-1', 'aria-label': item.name, 'data-name': item.name,
                title: item.keys ? `${item.name} (${item.keys})` : item.name,
            }, item.sign);
            // The selection in the text stays where it is.
            button.addEventListener('mousedown', (event) => event.preventDefault());
            button.addEventListener('click', () => {
                if (button.getAttribute('aria-disabled') !== 'true') {
                    item.command(editor);
                }
            });
            items.push({ ...item, button });
            box.append(button);
        }
        bar.append(box);
    }
    const shown = () => items.filter(({ button }) => !button.hidden).map(({ button }) => button);
    const stopAt = (button) => {
        items.forEach((item) => { item.button.tabIndex = item.button === button ? 0 : -1; });
    };
    bar.addEventListener('focusin', (event) => stopAt(event.target));
    bar.addEventListener('keydown', (event) => {
        const buttons = shown();
        const at = buttons.indexOf(document.activeElement);
        const next = {
            ArrowRight: (at + 1) % buttons.length, ArrowLeft: (at + buttons.length - 1) % buttons.length,
            Home: 0, End: buttons.length - 1,
        }[event.key];
        if (next !== undefined) {
            event.preventDefault();
            buttons[next].focus();
        } else if (event.key === 'Escape') {
            editor.view.focus();
        }
    });
    const refresh = () => {
        for (const { button, mark, active, hidden, disabled } of items) {
            button.hidden = hidden ? hidden(editor) : false;
            if (mark || active) {
                button.setAttribute('aria-pressed', String(active ? active(editor) : editor.isActive(mark)));
            }
            if (disabled) {
                button.setAttribute('aria-disabled', String(disabled(editor)));
            }
        }
        bar.querySelectorAll('[role=group]').forEach((box) => {
            box.hidden = [...box.children].every((button) => button.hidden);
        });
        if (!shown().some((button) => button.tabIndex === 0)) {
            stopAt(shown()[0]);
        }
    };
    editor.on('transaction', refresh);
    refresh();
    return bar;
}

// The page -----------------------------------------------------------------------------------------------------------

const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
const prose = make('div', { class: 'desk-prose-frame' });
const count = make('p', { class: 'desk-count' });
const notice = make('p', { class: 'desk-notice', role: 'status' });
const frame = make('div', { class: 'desk-editor' }, prose, notice);

// A sentence about what just happened, until the next key, or a click on it.
const say = (sentence) => { notice.textContent = sentence; };
prose.addEventListener('keydown', () => say(''));
notice.addEventListener('click', () => say(''));

const language = textarea.form.elements.language?.value;

const editor = new Editor({
    element: prose,
    // The stylesheet has what the library would write into the page, where the policy allows no style.
    injectCSS: false,
    extensions: [...extensions, Pasting],
    content: textarea.value,
    editorProps: {
        attributes: {
            id: 'desk-prose', class: 'desk-prose', role: 'textbox', 'aria-multiline': 'true', spellcheck: 'true',
            'aria-label': label?.textContent.replace(/:\s*$/, '').trim() || 'Body',
            'aria-describedby': 'desk-count', ...(language ? { lang: language } : {}),
        },
        handleKeyDown: (_, event) => {
            if (event.altKey && event.key === 'F10') {
                frame.querySelector('.desk-toolbar [tabindex="0"]').focus();
                return true;
            }
            return false;
        },
    },
});
count.id = 'desk-count';
frame.prepend(makeToolbar(editor));
frame.append(count);
textarea.before(frame);
textarea.hidden = true;
label?.addEventListener('click', () => editor.view.focus());

// As long as nobody wrote anything, and again when all of it is undone, the box keeps what came, to the byte.
const original = textarea.value;
const untouched = writtenIn(editor);
let waiting;

function showCount() {
    const { doc } = editor.state;
    // Footnotes are not counted for readers either.
    const words = wordsIn(doc.textBetween(0, doc.content.size, ' ', (leaf) => (leaf.type.name === 'footnote' ? '' : ' ')));
    const minutes = Math.max(1, Math.round(words / settings.wordsPerMinute));
    count.textContent = `${words.toLocaleString('en-GB')} ${words === 1 ? 'word' : 'words'} · ${minutes} min read`;
}

function handOver() {
    clearTimeout(waiting);
    waiting = undefined;
    const written = writtenIn(editor);
    textarea.value = written === untouched ? original : written;
    textarea.dispatchEvent(new Event('input', { bubbles: true }));
    showCount();
}

editor.on('update', () => { waiting ??= setTimeout(handOver, 200); });
// A file that misses the text must not take its place on the screen.
for (const kind of ['dragover', 'drop']) {
    document.addEventListener(kind, (event) => {
        if (event.dataTransfer?.types.includes('Files') && !event.target.closest('input[type=file]')) {
            event.preventDefault();
        }
    });
}
textarea.form.addEventListener('formdata', (event) => {
    if (waiting) {
        handOver();
        event.formData.set(textarea.name, textarea.value);
    }
});

// For keeping.js, which keeps what is typed and gives it back.
textarea.known = settings.known;
textarea.addEventListener('newsroom:set', ({ detail: { text, known } }) => {
    Object.entries(known).forEach(([kind, found]) => Object.assign(settings.known[kind] ??= {}, found));
    editor.commands.setContent(text, { emitUpdate: false });
    handOver();
});

showCount();
frame.dataset.ready = '';
