-- A business keeps its address when its name changes; when it takes a new one, the old one leads
-- on.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap with schema extensions;
set local search_path = extensions;
\ir business_people.psql

select plan(22);

select pg_temp.enter(1, 'member'), pg_temp.enter(2, 'other'), pg_temp.enter(3, 'other', 'draft')
\g /dev/null
create function pg_temp.leads(slug text)
returns text
language sql
as $$
  select string_agg(concat_ws(' ', found.current_slug, found.is_redirect), ', ')
  from directory.resolve_business_slug(leads.slug) as found;
$$;
grant execute on function pg_temp.leads(text) to anon, authenticated, service_role;
create function pg_temp.renew(name text, number int)
returns text
language sql
as $$
  select pg_temp.try(
    renew.name, format('select directory.renew_business_slug(%L)', pg_temp.b(number))
  );
$$;

select is(pg_temp.leads('zqb-1-zqbville'), 'zqb-1-zqbville f', 'an address leads to its business');
update directory.businesses set name = 'Zqb Renamed' where id = pg_temp.b(1);
select is(pg_temp.leads('zqb-1-zqbville'), 'zqb-1-zqbville f',
  'a new name alone changes no address');
select is(pg_temp.renew('other', 1), '42501', 'a stranger changes no address');
select is(pg_temp.renew('anon', 1), '42501', 'nor a visitor');
select is(pg_temp.renew('expired_admin', 1), '42501', 'nor an administrator of yesterday');
select is(pg_temp.renew('member', 1), 'zqb-renamed-zqbville',
  'the owner takes an address of the new name');
select is(pg_temp.leads('zqb-renamed-zqbville'), 'zqb-renamed-zqbville f',
  'it leads to the business');
select is(pg_temp.leads('zqb-1-zqbville'), 'zqb-renamed-zqbville t', 'the old one redirects');
select is((select slug from directory.listings where business_id = pg_temp.b(1)),
  'zqb-renamed-zqbville', 'the listing has the new one');
select is(pg_temp.renew('member', 1), 'zqb-renamed-zqbville',
  'without another name nothing happens');
update directory.businesses set name = 'Zqb Third' where id = pg_temp.b(1);
select is(pg_temp.renew('admin', 1), 'zqb-third-zqbville', 'an administrator may as well');
select is(pg_temp.leads('zqb-1-zqbville'), 'zqb-third-zqbville t',
  'the first leads on to the last at once');
update directory.businesses set name = 'Zqb 1' where id = pg_temp.b(1);
select is(pg_temp.renew('member', 1), 'zqb-1-zqbville',
  'a business may go back to an address of its own');
select is(pg_temp.leads('zqb-1-zqbville'), 'zqb-1-zqbville f',
  'which then is no redirect any more');
select is(pg_temp.leads('zqb-third-zqbville'), 'zqb-1-zqbville t',
  'and those in between lead to it');
select is(pg_temp.leads('zqb-nowhere'), null, 'an address that nobody had leads nowhere');

update directory.businesses set name = 'Zqb Secret' where id = pg_temp.b(3);
select is(pg_temp.renew('other', 3), 'zqb-secret-zqbville', 'a draft may take a new address');
select is(pg_temp.try('anon', $$select pg_temp.leads('zqb-3-zqbville')$$), null,
  'the old address of a draft tells a visitor nothing');
select is(pg_temp.try('anon', $$select count(*) from directory.business_slug_history
  where slug = 'zqb-3-zqbville'$$), '0', 'nor does the table');
select is(pg_temp.try('other', $$select pg_temp.leads('zqb-3-zqbville')$$), 'zqb-secret-zqbville t',
  'but its owner');

update ops.settings set value = '2' where key = 'directory.slugs_per_business';
update directory.businesses set name = 'Zqb Fourth' where id = pg_temp.b(1);
select is(pg_temp.renew('member', 1), 'PL158', 'addresses are not used up without end');
update directory.businesses set status = 'deleted' where id = pg_temp.b(2);
select is(pg_temp.renew('other', 2), 'PL153', 'a deleted business takes none');

select * from finish();
rollback;
