-- Addresses that a business once had. They lead to its present one for good, and nobody else can
-- take them: a link that was printed never ends at a stranger.

create table directory.business_slug_history (
  slug text primary key,
  business_id uuid not null
    constraint business_slug_history_business_id_fkey
    references directory.businesses (id) on delete cascade,
  created_at timestamptz not null default now()
);

create index business_slug_history_business_id_idx
  on directory.business_slug_history (business_id);

comment on table directory.business_slug_history is
  'Former slugs of businesses. Read by directory.resolve_business_slug().';
comment on column directory.business_slug_history.created_at is
  'When the business took another one.';

-- Definer: writers of businesses may not write the history.
create function directory_internal.keep_slug()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    -- a business may go back to a slug of its own
    delete from directory.business_slug_history
    where business_slug_history.slug = new.slug and business_slug_history.business_id = new.id;
    insert into directory.business_slug_history (slug, business_id) values (old.slug, new.id);
  end if;
  -- looked at after the write: the unique index has waited for whoever held the slug
  if exists (
    select 1
    from directory.business_slug_history
    where business_slug_history.slug = new.slug
  ) then
    perform private.fail('PL157', new.slug);
  end if;
  return null;
end;
$$;

comment on function directory_internal.keep_slug() is
  'Trigger function, after insert or change of the slug: keeps the old slug for redirects, and '
  'refuses one that leads to another business. Raises PL157.';

create trigger businesses_keep_slug_insert
  after insert on directory.businesses
  for each row execute function directory_internal.keep_slug();

create trigger businesses_keep_slug_update
  after update on directory.businesses
  for each row
  when (old.slug is distinct from new.slug)
  execute function directory_internal.keep_slug();

-- Definer: no API role may write a slug. The owner and administrators only.
create function directory_internal.renew_business_slug(business_id uuid)
returns text
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  held directory.businesses;
  most_slugs constant int := directory_internal.setting('slugs_per_business')::int;
  new_slug text;
begin
  held := directory_internal.lock_own_business(renew_business_slug.business_id);
  if held.status = 'deleted' then
    perform private.fail('PL153', held.status);
  end if;
  if directory_internal.slug_base(held.name, held.city)
    in (held.slug, left(held.slug, -37))
  then
    return held.slug;
  end if;
  if most_slugs <= (
    select count(*)
    from directory.business_slug_history
    where business_slug_history.business_id = held.id
  ) then
    perform private.fail('PL158', most_slugs::text);
  end if;

  update directory.businesses
  set slug = ''
  where businesses.id = held.id
  returning businesses.slug into new_slug;
  return new_slug;
end;
$$;

comment on function directory_internal.renew_business_slug(uuid) is
  'Body of directory.renew_business_slug().';

create function directory.renew_business_slug(business_id uuid)
returns text
language sql
volatile
security invoker
set search_path = ''
as $$
  select directory_internal.renew_business_slug(business_id);
$$;

comment on function directory.renew_business_slug(uuid) is
  'Makes the slug of a business anew, from the name and city that it has now; the old one leads to '
  'it from then on. A new name alone changes no address. Returns the slug. For the owner and '
  'administrators. Raises 42501 for others, PT404 for an unknown business, PL153 for a deleted '
  'one, PL158 when it has had as many as directory.slugs_per_business.';

create function directory.resolve_business_slug(slug text)
returns table (business_id uuid, current_slug text, is_redirect boolean)
language sql
stable
parallel safe
security invoker
set search_path = ''
as $$
  select businesses.id, businesses.slug, false
  from directory.businesses
  where businesses.slug = resolve_business_slug.slug
  union all
  select businesses.id, businesses.slug, true
  from directory.business_slug_history
  join directory.businesses on businesses.id = business_slug_history.business_id
  where business_slug_history.slug = resolve_business_slug.slug;
$$;

comment on function directory.resolve_business_slug(text) is
  'The business that an address leads to: its id, the slug that it has now, and whether the given '
  'one is an old one, so that the page should redirect. No row for an address that leads to '
  'nothing that the caller may see.';

select private.define_error('PL157', 400, 'The slug %s leads to another business.',
  'Choose another one, or leave it empty to get one.');
select private.define_error('PL158', 400, 'The business has had %s addresses already.',
  'Keep the present one, or ask an administrator.');

select ops.define_setting('directory.slugs_per_business', '20',
  'Former addresses that a business can have.', 1, 1000);

alter table directory.business_slug_history enable row level security;

create policy business_slug_history_select_all on directory.business_slug_history
  for select
  to anon, authenticated
  using (exists (select 1 from directory.businesses where businesses.id = business_id));

grant select on directory.business_slug_history to anon, authenticated, service_role;
grant execute on function directory.resolve_business_slug(text)
  to anon, authenticated, service_role;
grant execute on function
  directory.renew_business_slug(uuid), directory_internal.renew_business_slug(uuid)
  to authenticated, service_role;
