-- What a category may hold: each check with a value that passes and one that does not.
begin;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions, public;
select plan(28);

select columns_are(
  'directory', 'categories',
  array[
    'id', 'parent_id', 'slug', 'name', 'description', 'icon', 'image_url', 'color', 'level', 'path',
    'children_count', 'business_count', 'sort_order', 'featured', 'show_in_navigation',
    'show_in_directory', 'meta_title', 'meta_description', 'active', 'created_at', 'updated_at'
  ],
  'categories has the columns of the requirement and no others'
);

insert into directory.categories (id, slug, name)
values ('c7e57000-0000-4000-8000-000000000001', 'zqc-one', 'Zqc One');

select results_eq(
  $$
    select sort_order, featured, show_in_navigation, show_in_directory, active
    from directory.categories where slug = 'zqc-one'
  $$,
  $$ values (0, false, true, true, true) $$,
  'a category is active, shown and not featured unless it says otherwise'
);

-- the constraint that refuses the value, null when none does
create function pg_temp.refused_by(column_name text, value text)
returns text
language plpgsql
as $$
declare
  constraint_name text;
begin
  execute format(
    'update directory.categories set %I = %L where id = %L',
    column_name, value, 'c7e57000-0000-4000-8000-000000000001'
  );
  return null;
exception
  when check_violation then
    get stacked diagnostics constraint_name = constraint_name;
    return constraint_name;
end;
$$;

select is(pg_temp.refused_by(good.name, good.value), null, good.rule)
from (
  values
    ('slug', 'zqc-2-a', 'a slug is lower-case words and digits with single hyphens'),
    ('slug', repeat('a', 100), 'a slug may have 100 characters'),
    ('name', repeat('é', 100), 'a name may have 100 characters'),
    ('color', '#0a1b2c', 'a colour is # and six hexadecimal digits'),
    ('image_url', 'https://example.com/a.png', 'an image is an http or https address'),
    ('icon', repeat('i', 100), 'an icon name may have 100 characters'),
    ('meta_title', repeat('t', 255), 'a meta title may have 255 characters'),
    ('meta_description', repeat('t', 500), 'a meta description may have 500 characters')
) as good (name, value, rule);

select is(
  pg_temp.refused_by(bad.name, bad.value), 'categories_' || bad.name || '_check', bad.rule
)
from (
  values
    ('slug', 'Zqc', 'a slug with capitals is refused'),
    ('slug', 'zqc--a', 'a slug with two hyphens in a row is refused'),
    ('slug', '-zqc', 'a slug that begins with a hyphen is refused'),
    ('slug', '', 'an empty slug is refused'),
    ('slug', repeat('a', 101), 'a slug of 101 characters is refused'),
    ('name', '   ', 'a blank name is refused'),
    ('name', repeat('n', 101), 'a name of 101 characters is refused'),
    ('color', '#0A1B2C', 'a colour in capitals is refused'),
    ('color', '#abc', 'a short colour is refused'),
    ('color', 'red', 'a colour name is refused'),
    ('image_url', 'javascript:alert(1)', 'an image that is no http address is refused'),
    ('image_url', 'https://' || repeat('a', 493), 'an image address of 501 characters is refused'),
    ('icon', repeat('i', 101), 'an icon name of 101 characters is refused'),
    ('meta_title', repeat('t', 256), 'a meta title of 256 characters is refused'),
    ('meta_description', repeat('t', 501), 'a meta description of 501 characters is refused')
) as bad (name, value, rule);

update directory.categories set slug = 'zqc-one'
where id = 'c7e57000-0000-4000-8000-000000000001';
select throws_ok(
  $$ insert into directory.categories (slug, name) values ('zqc-one', 'Zqc Again') $$,
  '23505', null,
  'a slug is unique in the whole tree'
);
select throws_ok(
  $$ insert into directory.categories (slug) values ('zqc-nameless') $$,
  '23502', null,
  'a name is required'
);
select throws_ok(
  $$ insert into directory.categories (name) values ('Zqc Slugless') $$,
  '23502', null,
  'a slug is required'
);

select * from finish();
rollback;
