// Boxes of names, tags and bylines: known names are proposed, new ones come last, a comma ends each.
'use strict';
{
    const $ = django.jQuery;
    const ASK_AFTER = 3000;

    $(function() {
        $('select.tag-names').each(function() {
            const box = $(this);
            const isChosen = (name) => [...this.selectedOptions].some((each) => (
                [each.text, each.value].some((said) => said.toLowerCase() === name.toLowerCase())
            ));
            box.select2({
                theme: 'admin-autocomplete',
                tags: true,
                tokenSeparators: [','],
                width: null,
                ajax: {url: this.dataset.names, dataType: 'json', delay: 150, data: (typed) => ({term: typed.term || ''})},
                createTag: (typed) => {
                    const name = typed.term.trim().replace(/\s+/g, ' ');
                    return name === '' || isChosen(name) ? null : {id: name, text: name};
                },
                insertTag: (proposed, made) => {
                    // Who is known by this very name need not be made.
                    if (!proposed.some((each) => each.text.toLowerCase() === made.text.toLowerCase())) {
                        proposed.push(made);
                    }
                },
            });
            // In the order of choosing, not in that of the list.
            box.on('select2:select', ({params}) => {
                this.append(params.data.element);
                box.trigger('change.select2');
            });
            if (this.dataset.proposals) {
                propose(this);
            }
        });
    });

    const make = (tag, attributes, ...children) => {
        const element = Object.assign(document.createElement(tag), attributes);
        element.append(...children);
        return element;
    };

    // Tags that the text calls for, taken one by one; what was dismissed does not come back in this session.
    function propose(select) {
        const form = select.form;
        const memory = `dismissed-tags ${location.pathname}`;
        const dismissed = new Set(JSON.parse(sessionStorage.getItem(memory) || '[]'));
        const list = make('ul', {className: 'tag-proposals', hidden: true});
        list.setAttribute('aria-label', 'Tags proposed from the text');
        select.parentElement.append(list);
        let told = '';
        let proposals = [];
        let waiting;

        const chosen = () => [...select.selectedOptions].map((option) => option.value);
        const isOpen = ({name}) => ![...chosen(), ...dismissed].some((each) => each.toLowerCase() === name.toLowerCase());

        const take = (name) => {
            const known = [...select.options].find((option) => option.value === name);
            const option = known || new Option(name, name);
            option.selected = true;
            select.append(option);
            $(select).trigger('input').trigger('change');
        };
        const dismiss = (name) => {
            dismissed.add(name);
            sessionStorage.setItem(memory, JSON.stringify([...dismissed]));
        };
        // The next one has the focus then, or the box.
        const act = (name, action) => {
            const place = [...list.children].findIndex((item) => item.contains(document.activeElement));
            action(name);
            show();
            const next = list.children[Math.min(place, list.children.length - 1)]?.querySelector('button');
            (next || $(select).next().find('.select2-search__field')[0])?.focus();
        };

        function show() {
            const open = proposals.filter(isOpen);
            list.replaceChildren(...open.map(({name, reason}) => {
                const add = make('button', {type: 'button', className: 'tag-proposal', title: reason}, `+ ${name}`);
                add.setAttribute('aria-label', `Add the tag ${name}`);
                const drop = make('button', {type: 'button', className: 'tag-dismissal', title: 'Dismiss'}, '×');
                drop.setAttribute('aria-label', `Do not propose ${name}`);
                add.addEventListener('click', () => act(name, take));
                drop.addEventListener('click', () => act(name, dismiss));
                return make('li', {}, add, drop);
            }));
            list.hidden = open.length === 0;
        }

        async function ask() {
            const values = ['headline', 'dek', 'body', 'language'].map((name) => [name, form.elements[name]?.value || '']);
            const text = JSON.stringify(values);
            if (text === told || values.slice(0, 3).every(([, value]) => value.trim() === '')) {
                return;
            }
            told = text;
            const sent = new URLSearchParams(values.map(([name, value]) => [name, value.slice(0, 100000)]));
            [...chosen(), ...dismissed].forEach((name) => sent.append('left_out', name));
            const answer = await fetch(select.dataset.proposals, {
                method: 'POST', body: sent, redirect: 'manual',
                headers: {'X-CSRFToken': form.elements.csrfmiddlewaretoken.value},
            });
            // Whoever is about to press one keeps it under the finger.
            if (answer.ok && !list.contains(document.activeElement)) {
                proposals = (await answer.json()).results;
                show();
            }
        }
        const askLater = () => {
            clearTimeout(waiting);
            waiting = setTimeout(() => ask().catch(() => {}), ASK_AFTER);
        };
        form.addEventListener('input', askLater);
        $(select).on('change', show);
        askLater();
    }
}
