// The box of tags: known names are proposed, new ones come last, a comma ends each.
'use strict';
{
    const $ = django.jQuery;

    $(function() {
        $('select.tag-names').each(function() {
            const box = $(this);
            box.select2({
                theme: 'admin-autocomplete',
                tags: true,
                tokenSeparators: [','],
                width: null,
                ajax: {url: this.dataset.names, dataType: 'json', delay: 150, data: (typed) => ({term: typed.term || ''})},
                createTag: (typed) => {
                    const name = typed.term.trim().replace(/\s+/g, ' ');
                    const known = (box.val() || []).some((each) => each.toLowerCase() === name.toLowerCase());
                    return name === '' || known ? null : {id: name, text: name};
                },
                insertTag: (proposed, made) => proposed.push(made),
            });
        });
    });
}
