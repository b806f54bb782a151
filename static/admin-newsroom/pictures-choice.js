// The box in which a picture is chosen: each result is seen, and so is what is chosen.
'use strict';
{
    const $ = django.jQuery;

    const factsOf = (choice) => ({
        thumbnail: choice.thumbnail || (choice.element && choice.element.dataset.thumbnail),
        facts: choice.facts || (choice.element && choice.element.dataset.facts),
    });

    const show = (choice) => {
        const {thumbnail, facts} = factsOf(choice);
        if (!thumbnail) {
            return choice.text;
        }
        const line = document.createElement('span');
        line.className = 'picture-line';
        const image = Object.assign(document.createElement('img'), {src: thumbnail, alt: '', loading: 'lazy'});
        const words = Object.assign(document.createElement('span'), {className: 'picture-words', textContent: choice.text});
        words.append(Object.assign(document.createElement('small'), {textContent: facts || ''}));
        line.append(image, words);
        return line;
    };

    const furnish = (select) => {
        $(select).select2({
            ajax: {
                data: (params) => ({
                    term: params.term,
                    page: params.page,
                    app_label: select.dataset.appLabel,
                    model_name: select.dataset.modelName,
                    field_name: select.dataset.fieldName,
                }),
            },
            templateResult: show,
            templateSelection: show,
        });
    };

    // A picture that was just uploaded in another window is known by its name alone: ask for the rest.
    const complete = async (select) => {
        const option = select.selectedOptions[0];
        const [chosen] = $(select).select2('data');
        if (!option || !option.value || factsOf(chosen).thumbnail) {
            return;
        }
        const address = new URL(select.getAttribute('data-ajax--url'), location.href);
        address.search = new URLSearchParams({
            pk: option.value,
            app_label: select.dataset.appLabel,
            model_name: select.dataset.modelName,
            field_name: select.dataset.fieldName,
        });
        const {results} = await (await fetch(address)).json();
        if (results.length) {
            option.dataset.thumbnail = results[0].thumbnail;
            option.dataset.facts = results[0].facts;
            // To the box alone: nothing was changed.
            $(select).trigger('change.select2');
        }
    };

    $(() => {
        $('select.picture-choice').not('[name*=__prefix__]').each((_, select) => furnish(select));
        $(document).on('change', 'select.picture-choice', (event) => complete(event.target));
    });
    document.addEventListener('formset:added', (event) => {
        $(event.target).find('select.picture-choice').each((_, select) => furnish(select));
    });
}
