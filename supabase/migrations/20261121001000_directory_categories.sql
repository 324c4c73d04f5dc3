-- The tree that every business hangs in. path and level are kept by triggers under one lock, so two
-- moves at once can't make a cycle; business counts are append-only deltas folded each minute, so a
-- thousand writers never queue for the row of a top category.

create schema directory;
create schema directory_internal;

comment on schema directory is
  'The business directory: what its frontends read and write, under row level security.';
comment on schema directory_internal is
  'What the directory keeps to itself: predicates, triggers, private columns, search documents.';

grant usage on schema directory, directory_internal to anon, authenticated, service_role;

-- Settings of this domain for functions that run as the caller.
-- Definer: callers may not read ops.settings; this opens the directory's own keys and no others.
create function directory_internal.setting(key text)
returns numeric
language plpgsql
stable
parallel safe
security definer
set search_path = ''
as $$
declare
  found_value numeric;
begin
  select settings.value::numeric into found_value
  from ops.settings
  where settings.key = 'directory.' || setting.key;
  if found_value is null then
    perform private.fail('PL001', 'directory.' || setting.key);
  end if;
  return found_value;
end;
$$;

comment on function directory_internal.setting(text) is
  'A number from the settings that begin with directory. The parameter is the rest of the key. '
  'Raises PL001 when there is no such key, since a cap that is missing would be no cap.';

create table directory.categories (
  id uuid primary key default gen_random_uuid(),
  parent_id uuid
    constraint categories_parent_id_fkey references directory.categories (id) on delete restrict,
  slug text not null,
  name text not null,
  description text,
  icon text,
  image_url text,
  color text,
  level int not null default 0,
  path uuid[] not null default '{}',
  children_count int not null default 0,
  business_count int not null default 0,
  sort_order int not null default 0,
  featured boolean not null default false,
  show_in_navigation boolean not null default true,
  show_in_directory boolean not null default true,
  meta_title text,
  meta_description text,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint categories_slug_key unique (slug),
  constraint categories_slug_check check (
    slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and char_length(slug) <= 100
  ),
  constraint categories_name_check check (char_length(btrim(name)) between 1 and 100),
  constraint categories_icon_check check (char_length(icon) <= 100),
  constraint categories_image_url_check check (
    image_url ~* '^https?://' and char_length(image_url) <= 500
  ),
  constraint categories_color_check check (color ~ '^#[0-9a-f]{6}$'),
  constraint categories_level_check check (level between 0 and 9),
  constraint categories_meta_title_check check (char_length(meta_title) <= 255),
  constraint categories_meta_description_check check (char_length(meta_description) <= 500)
);

create index categories_parent_id_idx on directory.categories (parent_id);
create index categories_path_idx on directory.categories using gin (path);

comment on table directory.categories is 'The tree of business categories.';
comment on column directory.categories.parent_id is 'The category above; null at the top.';
comment on column directory.categories.slug is 'Name in addresses, unique in the whole tree.';
comment on column directory.categories.icon is 'Name of an icon of the frontend''s icon set.';
comment on column directory.categories.color is 'Colour as #rrggbb, in lower case.';
comment on column directory.categories.level is
  'Steps from the top, where it is 0. Kept by triggers.';
comment on column directory.categories.path is
  'Ids from the top category to this one, both included. Kept by triggers.';
comment on column directory.categories.children_count is
  'Categories directly below. Kept by triggers.';
comment on column directory.categories.business_count is
  'Visible businesses in this category and all below it, up to a minute old; the view '
  'category_tree adds what has changed since. Kept by directory_internal.fold_category_counts().';
comment on column directory.categories.sort_order is 'Order among siblings, then by name.';
comment on column directory.categories.active is 'Only active categories are public.';

create table directory_internal.category_count_deltas (
  id bigint generated always as identity primary key,
  category_id uuid not null
    constraint category_count_deltas_category_id_fkey
    references directory.categories (id) on delete cascade,
  delta int not null
);

create index category_count_deltas_category_id_idx
  on directory_internal.category_count_deltas (category_id);

comment on table directory_internal.category_count_deltas is
  'Changes of the number of visible businesses by category that are not folded into '
  'business_count yet.';

create view directory.category_tree
with (security_invoker = true)
as
with recursive tree as (
  select
    categories.id,
    categories.parent_id,
    categories.name,
    categories.slug,
    0 as level,
    array[categories.name] as path,
    array[categories.id] as id_path
  from directory.categories
  where categories.parent_id is null
  union all
  select
    categories.id,
    categories.parent_id,
    categories.name,
    categories.slug,
    tree.level + 1,
    tree.path || categories.name,
    tree.id_path || categories.id
  from tree
  join directory.categories on categories.parent_id = tree.id
) cycle id set is_cycle using visited
select
  tree.id,
  tree.parent_id,
  tree.name,
  tree.slug,
  tree.level,
  tree.path,
  tree.id_path,
  categories.icon,
  categories.color,
  categories.image_url,
  categories.sort_order,
  categories.featured,
  categories.show_in_navigation,
  categories.show_in_directory,
  categories.children_count,
  categories.business_count + coalesce(pending.delta, 0)::int as business_count
from tree
join directory.categories on categories.id = tree.id
left join (
  select category_count_deltas.category_id, sum(category_count_deltas.delta) as delta
  from directory_internal.category_count_deltas
  group by category_count_deltas.category_id
) as pending on pending.category_id = categories.id
where not tree.is_cycle;

comment on view directory.category_tree is
  'The categories from the top down, with names and ids from the top to each, and exact counts of '
  'visible businesses. Order by path, or by level, sort_order and name.';

-- One lock for the shape and the names of the tree. Writers of the tree take it alone; whoever
-- copies category data into a listing takes it shared, before any row lock.
create function directory_internal.lock_category_tree(alone boolean)
returns void
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  lock_key constant bigint := hashtextextended('directory.categories', 0);
begin
  if lock_category_tree.alone then
    perform pg_advisory_xact_lock(lock_key);
  else
    perform pg_advisory_xact_lock_shared(lock_key);
  end if;
end;
$$;

comment on function directory_internal.lock_category_tree(boolean) is
  'Holds the category tree until the transaction ends: alone to change it, shared to copy from it.';

create function directory_internal.lock_category_tree_alone()
returns trigger
language plpgsql
volatile
security definer -- writers of the tree may not call the lock function themselves
set search_path = ''
as $$
begin
  -- row level security lets such a statement change nothing, so it shall not stop others either
  if current_setting('role') in ('anon', 'authenticated')
    and not private.has_any_role(array['admin', 'super_admin'])
  then
    return null;
  end if;
  perform directory_internal.lock_category_tree(alone => true);
  return null;
end;
$$;

comment on function directory_internal.lock_category_tree_alone() is
  'Trigger function, before statement: makes writers of the tree wait for each other before any of '
  'them holds a row.';

-- Definer: reads the parent whatever the writer may see, so a hidden parent is no hole in the path.
create function directory_internal.place_category()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
begin
  new.path := coalesce(
    (select categories.path from directory.categories where categories.id = new.parent_id),
    '{}'
  ) || new.id;
  new.level := cardinality(new.path) - 1;
  if tg_op = 'INSERT' then
    new.children_count := 0;
    new.business_count := 0;
  end if;
  return new;
end;
$$;

comment on function directory_internal.place_category() is
  'Trigger function, before insert or move: gives the row its path and level, so that the '
  'statement can return them.';

-- The tree is small and changes rarely, so each change recomputes what is derived from it as a
-- whole: right for any mix of rows in one statement, and a repair at the same time. Definer: the
-- counts and paths of other rows are nobody's to write.
create function directory_internal.settle_categories()
returns trigger
language plpgsql
volatile
security definer
set search_path = ''
as $$
declare
  lost_name text;
begin
  -- row level security lets such a statement change nothing, so it shall not stop others either
  if current_setting('role') in ('anon', 'authenticated')
    and not private.has_any_role(array['admin', 'super_admin'])
  then
    return null;
  end if;

  with recursive tree as (
    select categories.id, array[categories.id] as path
    from directory.categories
    where categories.parent_id is null
    union all
    select categories.id, tree.path || categories.id
    from tree
    join directory.categories on categories.parent_id = tree.id
  ),
  placed as (
    update directory.categories
    set path = tree.path, level = cardinality(tree.path) - 1
    from tree
    where categories.id = tree.id and categories.path is distinct from tree.path
  )
  select categories.name into lost_name
  from directory.categories
  where not exists (select 1 from tree where tree.id = categories.id)
  order by categories.name
  limit 1;

  -- what can't be reached from the top lies in a ring
  if lost_name is not null then
    perform private.fail('PL111', lost_name);
  end if;

  update directory.categories
  set children_count = counted.children
  from (
    select parents.id, count(children.id)::int as children
    from directory.categories as parents
    left join directory.categories as children on children.parent_id = parents.id
    group by parents.id
  ) as counted
  where categories.id = counted.id and categories.children_count <> counted.children;
  return null;
end;
$$;

comment on function directory_internal.settle_categories() is
  'Trigger function, after statement: recomputes paths, levels and numbers of children of the '
  'tree. Raises PL111 when a category would come to lie below itself.';

create function directory_internal.fold_category_counts()
returns int
language plpgsql
volatile
security invoker
set search_path = ''
as $$
declare
  folded int;
begin
  -- a second fold has nothing to add; a writer of the tree updates several rows of it as well
  if not pg_try_advisory_xact_lock(hashtextextended('directory.fold_category_counts', 0)) then
    return 0;
  end if;
  perform directory_internal.lock_category_tree(alone => false);

  with folded_deltas as (
    delete from directory_internal.category_count_deltas
    where true
    returning category_id, delta
  ),
  sums as (
    select folded_deltas.category_id, sum(folded_deltas.delta)::int as delta
    from folded_deltas
    group by folded_deltas.category_id
  ),
  written as (
    update directory.categories
    set business_count = categories.business_count + sums.delta
    from sums
    where categories.id = sums.category_id and sums.delta <> 0
  )
  select count(*)::int into folded from folded_deltas;
  return folded;
end;
$$;

comment on function directory_internal.fold_category_counts() is
  'Adds the pending count changes to the categories. Returns how many changes it took; 0 when '
  'another fold is running. Scheduled each minute.';

-- every column that a client may write, and no count: the fold must not wait for itself
create trigger categories_lock_tree
  before insert or delete or update of
    parent_id, slug, name, description, icon, image_url, color, sort_order, featured,
    show_in_navigation, show_in_directory, meta_title, meta_description, active
  on directory.categories
  for each statement execute function directory_internal.lock_category_tree_alone();

create trigger categories_place
  before insert or update of parent_id on directory.categories
  for each row execute function directory_internal.place_category();

create trigger categories_settle
  after insert or delete or update of parent_id on directory.categories
  for each statement execute function directory_internal.settle_categories();

create trigger categories_set_updated_at
  before update on directory.categories
  for each row execute function private.set_updated_at();

select private.define_error('PL111', 400, 'Category %s can not lie below itself.',
  'Choose a parent that is not the category itself and not below it.');

alter table directory.categories enable row level security;
alter table directory_internal.category_count_deltas enable row level security;

create policy categories_select_anon on directory.categories
  for select
  to anon
  using (active);

create policy categories_select_authenticated on directory.categories
  for select
  to authenticated
  using (active or (select private.has_any_role(array['admin', 'super_admin'])));

create policy categories_insert_admin on directory.categories
  for insert
  to authenticated
  with check ((select private.has_any_role(array['admin', 'super_admin'])));

create policy categories_update_admin on directory.categories
  for update
  to authenticated
  using ((select private.has_any_role(array['admin', 'super_admin'])))
  with check ((select private.has_any_role(array['admin', 'super_admin'])));

create policy categories_delete_admin on directory.categories
  for delete
  to authenticated
  using ((select private.has_any_role(array['admin', 'super_admin'])));

create policy category_count_deltas_select_all on directory_internal.category_count_deltas
  for select
  to anon, authenticated
  using (true);

grant select on directory.categories, directory.category_tree to anon, authenticated, service_role;
grant select on directory_internal.category_count_deltas to anon, authenticated, service_role;
grant
  insert (
    parent_id, slug, name, description, icon, image_url, color, sort_order, featured,
    show_in_navigation, show_in_directory, meta_title, meta_description, active
  ),
  update (
    parent_id, slug, name, description, icon, image_url, color, sort_order, featured,
    show_in_navigation, show_in_directory, meta_title, meta_description, active
  ),
  delete
  on directory.categories to authenticated, service_role;
grant execute on function directory_internal.setting(text) to anon, authenticated, service_role;
