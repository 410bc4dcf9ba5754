#![allow(dead_code)]
use persist::prelude::*;

diesel::table! { images (id) { id -> Integer, name -> Text, } }
diesel::table! { image_properties (id) { id -> Integer, image_id -> Integer, name -> Text, value -> Text, } }

#[derive(Debug, Clone, Entity)]
#[entity(table = image_properties, group = ImageProperties, unique(image_id, name))]
struct ImageProperty {
    #[entity(key, generated)]
    id: i32,
    #[entity(belongs_to(image: Image))]
    image_id: i32,
    name: String,
    value: String,
}

diesel::table! { files (id) { id -> Integer, folder_id -> Integer, } }
diesel::table! { folders (id) { id -> Integer, file_id -> Integer, } }

#[derive(Debug, Clone, Entity)]
#[entity(table = files, has_many(folders: Folder, group = all_folders))]
struct File {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(folder: Folder))]
    folder_id: i32,
    folders: Vec<Folder>,
}

#[derive(Debug, Clone, Entity)]
#[entity(table = folders, has_many(files: File, group = all_files))]
struct Folder {
    #[entity(key)]
    id: i32,
    #[entity(belongs_to(file: File))]
    file_id: i32,
    files: Vec<File>,
}

#[derive(Debug, Clone, Entity)]
#[entity(table = images)]
struct Image {
    #[entity(key)]
    id: i32,
    name: String,
}

fn main() {}
