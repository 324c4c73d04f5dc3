-- Full-text search over the visible businesses: words that exist are taken as they are, an
-- unfinished last word is completed, and any other word is corrected against the vocabulary.

create function directory_internal.typing_distance(
  typed text,
  meant text
)
returns int
language plpgsql
immutable
parallel safe
security invoker
set search_path = ''
as $$
declare
  distance int;
  place int := 1;
begin
  -- levenshtein() takes no more than 255 characters, and so long a word is nobody's typo
  if abs(char_length(typed) - char_length(meant)) > 3
    or greatest(char_length(typed), char_length(meant)) > 255
  then
    return 4;
  end if;
  distance := extensions.levenshtein_less_equal(typed, meant, 3);
  -- two letters in the wrong order are one slip of the fingers, and two edits to Levenshtein
  if distance = 2 and char_length(typed) = char_length(meant) then
    while substr(typed, place, 1) = substr(meant, place, 1) loop
      place := place + 1;
    end loop;
    if substr(typed, place, 1) = substr(meant, place + 1, 1)
      and substr(typed, place + 1, 1) = substr(meant, place, 1)
      and substr(typed, place + 2) = substr(meant, place + 2)
    then
      return 1;
    end if;
  end if;
  return distance;
end;
$$;

comment on function directory_internal.typing_distance(text, text) is
  'Edits between two words: letters added, left out or changed, and two neighbours swapped '
  '(Damerau 1964, restricted to one swap). Above 3 it is 4.';

create function directory_internal.correct_word(typed text)
returns table (word text, lexeme text)
language sql
stable
parallel safe
security invoker
set search_path = ''
as $$
  with candidates as (
    select
      vocabulary.word,
      vocabulary.lexeme,
      vocabulary.frequency,
      vocabulary.title_frequency,
      directory_internal.typing_distance(correct_word.typed, vocabulary.word) as distance
    from directory_internal.vocabulary
    where vocabulary.id in (
      select vocabulary_deletes.word_id
      from directory_internal.vocabulary_deletes
      where vocabulary_deletes.piece = any (directory_internal.pieces(correct_word.typed))
    )
      and vocabulary.frequency > 0
      and vocabulary.lexeme is not null
  )
  select candidates.word, candidates.lexeme
  from candidates
  where candidates.distance <= case when char_length(correct_word.typed) >= 6 then 2 else 1 end
  order by
    -- a tenfold frequency, above all in names, outweighs a part of an edit; two letters that
    -- changed places are the likeliest slip, and the first letter is rarely wrong
    candidates.distance
      - 0.15 * log(candidates.frequency::numeric)
      - 0.25 * log(1 + candidates.title_frequency::numeric)
      - case
          when candidates.distance
            < extensions.levenshtein_less_equal(correct_word.typed, candidates.word, 3)
          then 0.5
          else 0
        end
      + case when left(candidates.word, 1) <> left(correct_word.typed, 1) then 0.5 else 0 end,
    candidates.word
  limit 1;
$$;

comment on function directory_internal.correct_word(text) is
  'The word of the vocabulary that was most likely meant, with its stem: within one edit, from '
  'six letters on two; by distance, frequency, swapped letters and first letter. No row when '
  'there is none.';

create function directory_internal.read_query(
  search_query text,
  out words_match tsquery,
  out word_matches tsquery[],
  out name_match tsquery,
  out name_key text,
  out corrections jsonb
)
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
declare
  words constant text[] := string_to_array(directory_internal.search_key(search_query), ' ');
  words_taken constant int := least(cardinality(words), 16);
  stems text[];
  typed_lexeme text;
  corrected record;
begin
  corrections := '[]';
  name_key := '';

  for i in 1..words_taken loop
    stems := '{}';
    typed_lexeme := (
      tsvector_to_array(to_tsvector('directory_internal.custom_search', words[i]))
    )[1];
    if typed_lexeme is null then
      name_key := name_key || ' ' || words[i];
      continue;
    end if;

    -- another form of a word that stands in some document is that word
    if exists (
      select 1
      from directory_internal.vocabulary
      where vocabulary.lexeme = typed_lexeme
    ) then
      stems := array[typed_lexeme];
    end if;
    if i = words_taken
      and char_length(words[i]) >= 2
      and not exists (
        select 1
        from directory_internal.vocabulary
        where vocabulary.word = words[i]
      )
    then
      -- the writer may still be typing
      stems := stems || array(
        select completed.lexeme
        from (
          select vocabulary.lexeme
          from directory_internal.vocabulary
          where vocabulary.word like words[i] || '%'
            and vocabulary.frequency > 0
            and vocabulary.lexeme is not null
          order by vocabulary.frequency desc, vocabulary.word
          limit 32
        ) as completed
        group by completed.lexeme
      );
    end if;
    if stems <> '{}' then
      name_key := name_key || ' ' || words[i];
    else
      select correct_word.word, correct_word.lexeme into corrected
      from directory_internal.correct_word(words[i]);
      corrections := corrections || jsonb_build_object('from', words[i], 'to', corrected.word);
      if corrected.word is null then
        continue;
      end if;
      stems := array[corrected.lexeme];
      name_key := name_key || ' ' || corrected.word;
    end if;

    word_matches := word_matches || directory_internal.any_stem(stems, '');
    words_match := coalesce(words_match && directory_internal.any_stem(stems, ''),
      directory_internal.any_stem(stems, ''));
    name_match := coalesce(name_match && directory_internal.any_stem(stems, ':A'),
      directory_internal.any_stem(stems, ':A'));
  end loop;
  name_key := btrim(name_key);
end;
$$;

comment on function directory_internal.read_query(text) is
  'Reads what a person typed. Returns the condition on the whole document, that of each word, the '
  'condition on the name, '
  'the corrected words, and a list of {from, to} of corrections (to is null for a word that is '
  'nowhere). The conditions are null when no word is left. Words past the 16th are left out.';

create function directory_internal.any_stem(stems text[], weight text)
returns tsquery
language sql
immutable
parallel safe
security invoker
set search_path = ''
as $$
  select string_agg('''' || replace(stem, '''', '''''') || '''' || weight, '|')::tsquery
  from unnest(stems) as stem;
$$;

comment on function directory_internal.any_stem(text[], text) is
  'A condition that one of the stems occurs. weight is empty, or a weight as in :A.';

create function directory_internal.any_of(conditions tsquery[])
returns tsquery
language plpgsql
immutable
parallel safe
security invoker
set search_path = ''
as $$
declare
  condition tsquery;
  answer tsquery;
begin
  foreach condition in array coalesce(conditions, '{}'::tsquery[]) loop
    answer := coalesce(answer || condition, condition);
  end loop;
  return answer;
end;
$$;

comment on function directory_internal.any_of(tsquery[]) is
  'A condition that one of the conditions holds; null for none.';

create function directory.search_businesses(
  search_query text,
  category_filter uuid default null,
  location_filter extensions.geography default null,
  radius_meters int default 10000,
  result_limit int default 50,
  longitude double precision default null,
  latitude double precision default null,
  minimum_rating numeric default null
)
returns table (
  id uuid,
  name text,
  description text,
  rank real,
  distance_meters double precision,
  slug text,
  city text,
  state text,
  category_id uuid,
  category_name text,
  avg_rating numeric,
  review_count int,
  quality_score numeric,
  subscription_tier text,
  longitude_degrees double precision,
  latitude_degrees double precision,
  logo_url text,
  corrections jsonb
)
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
#variable_conflict use_column
declare
  place constant extensions.geography := directory_internal.place(
    search_businesses.longitude, search_businesses.latitude, search_businesses.location_filter
  );
  query record;
  condition tsquery;
begin
  if char_length(search_query) > directory_internal.setting('search_query_maximum') then
    perform private.fail('PL122', char_length(search_query)::text,
      directory_internal.setting('search_query_maximum')::text);
  end if;
  if coalesce(directory_internal.search_key(search_query), '') = '' then
    perform private.fail('PL121');
  end if;
  perform directory_internal.check_range('result_limit', result_limit, 1,
    directory_internal.setting('page_size_maximum'));
  perform directory_internal.check_range('radius_meters', radius_meters, 1,
    directory_internal.setting('radius_maximum'));
  if minimum_rating is not null then
    perform directory_internal.check_range('minimum_rating', minimum_rating, 1, 5);
  end if;
  perform directory_internal.check_category(category_filter);

  query := directory_internal.read_query(search_query);

  -- businesses with every word; where there are none, those with the most of them
  foreach condition in array array[
    query.words_match, directory_internal.any_of(query.word_matches)
  ]
  loop
    return query
    with hits as materialized (
      select
        documents.business_id,
        -- two steps that the rest, at most 1 + 0.35 + 0.3, never climbs, and one step a word
        case when documents.name_key = query.name_key then 2 else 0 end
        + case when documents.document @@ query.name_match then 2 else 0 end
        + ts_rank('{0.05, 0.2, 0.4, 1}', documents.document, condition)
        - 2 * (
          select count(*)
          from unnest(query.word_matches) as word_match
          where not documents.document @@ word_match
        ) as relevance
      from directory_internal.documents
      where documents.document @@ (
        case
          when category_filter is null then condition
          else condition && directory_internal.any_stem(array['k#' || category_filter::text], '')
        end
      )
      union all
      -- a name of stop words alone, as in The Who, has no stem
      select documents.business_id, 4
      from directory_internal.documents
      where query.words_match is null and documents.name_key = query.name_key
    ),
    matches as (
      select
        listings.*,
        (
          hits.relevance
          + 0.35 * listings.popularity
          + case
              when place is null then 0
              else 0.3 * exp(-extensions.st_distance(listings.location, place) / 5000)
            end
        )::real as rank,
        extensions.st_distance(listings.location, place) as distance
      from hits
      join directory.listings on listings.business_id = hits.business_id
      where (category_filter is null or listings.category_ids @> array[category_filter])
        and (place is null or extensions.st_dwithin(listings.location, place, radius_meters))
        and (minimum_rating is null or listings.avg_rating >= minimum_rating)
        and (listings.visible_until is null or listings.visible_until > now())
    ),
    best as (
      select matches.*
      from matches
      order by matches.rank desc, matches.distance, matches.business_id
      limit result_limit
    )
    select
      best.business_id, best.name, coalesce(businesses.description, best.short_description),
      best.rank, best.distance, best.slug, best.city, best.state, best.category_id,
      categories.name, best.avg_rating, best.review_count, best.quality_score,
      best.subscription_tier, best.longitude, best.latitude, best.logo_url,
      query.corrections
    from best
    left join directory.businesses on businesses.id = best.business_id
    left join directory.categories on categories.id = best.category_id
    order by best.rank desc, best.distance, best.business_id;

    exit when found or cardinality(query.word_matches) <= 1 or query.words_match is null;
  end loop;
end;
$$;

comment on function directory.search_businesses(
  text, uuid, extensions.geography, int, int, double precision, double precision, numeric
) is
  'Visible businesses that match the words, best first: the whole name, then every word in the '
  'name, then every word anywhere, within each by relevance, popularity and nearness; where no '
  'business has every word, those with the most of them. Parameters: the words; a category, which '
  'includes all below it; a place as longitude and latitude in degrees (location_filter for '
  'callers in SQL) with a radius in metres; how many results, 1 to 100; the least mean rating, 1 '
  'to 5. distance_meters is null without a place. corrections lists the words taken for others, as '
  '{from, to}. Raises PL121 without a word, PL122 for a query that is too long, PL123 for an '
  'unknown category, PL102 to PL104 for a wrong place or number.';

create function directory_internal.check_category(category uuid)
returns void
language plpgsql
stable
parallel safe
security invoker
set search_path = ''
as $$
begin
  if category is not null
    and not exists (
      select 1 from directory.categories where categories.id = category and categories.active
    )
  then
    perform private.fail('PL123', category::text);
  end if;
end;
$$;

comment on function directory_internal.check_category(uuid) is
  'Raises PL123 when the category is not null and not one that the public sees.';

select ops.define_setting('directory.search_query_maximum', '200',
  'Longest query that a search takes, in characters.', 20, 10000);
select ops.define_setting('directory.page_size_maximum', '100',
  'Most rows that one answer holds; no less than what calls ask for by default.', 50, 1000);
select ops.define_setting('directory.radius_maximum', '200000',
  'Largest radius of a search, in metres.', 1000, 20000000);

select private.define_error('PL121', 400, 'The query holds no word.',
  'Send at least one letter or digit; to browse, call api_get_businesses.');
select private.define_error('PL122', 400, 'The query has %s characters; it may have %s.',
  'Send the words that matter.');
select private.define_error('PL123', 400, 'There is no category %s.',
  'Read category_tree for the categories.');

grant execute on function
  directory.search_businesses(
    text, uuid, extensions.geography, int, int, double precision, double precision, numeric
  ),
  directory_internal.typing_distance(text, text),
  directory_internal.correct_word(text),
  directory_internal.read_query(text),
  directory_internal.any_stem(text[], text),
  directory_internal.any_of(tsquery[]),
  directory_internal.check_category(uuid)
  to anon, authenticated, service_role;
